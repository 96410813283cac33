using System.Net.Sockets;
using System.Text;
using Nosana.Node.Ssh;
using Nosana.Node.Tests.Api;
using Nosana.Node.Ssh.Server;
using Nosana.Testing;

namespace Nosana.Node.Tests.Ssh;

/// <summary>The CONNECT front without a client of SSH: what it takes, and how much of it.</summary>
public sealed class SshFrontTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("CONNECT {op}:22 HTTP/1.1\r\nHost: x\r\n\r\n", "200 OK")]
    [InlineData("CONNECT {OP}:22 HTTP/1.0\r\n\r\n", "200 OK")]
    [InlineData("CONNECT {node}:22 HTTP/1.1\n\n", "200 OK")]
    [InlineData("CONNECT {op}:23 HTTP/1.1\r\n\r\n", "404 Not Found")]
    [InlineData("CONNECT {op} HTTP/1.1\r\n\r\n", "404 Not Found")]
    [InlineData("CONNECT 127.0.0.1:22 HTTP/1.1\r\n\r\n", "404 Not Found")]
    [InlineData("CONNECT {op}.evil.example:22 HTTP/1.1\r\n\r\n", "404 Not Found")]
    [InlineData("CONNECT {op}:22 HTTP/2\r\n\r\n", "400 Bad Request")]
    [InlineData("CONNECT {op}:22  HTTP/1.1\r\n\r\n", "400 Bad Request")]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "405 Method Not Allowed")]
    [InlineData("SSH-2.0-OpenSSH\r\n", "405 Method Not Allowed")]
    public async Task Request_OfEachForm_IsAnswered(string request, string answer)
    {
        await using SshBench bench = await SshBench.StartAsync();
        string op = $"{bench.Api.JobAddress}-0-ssh.localhost";
        string text = request.Replace("{op}", op, StringComparison.Ordinal).Replace("{OP}", op.ToUpperInvariant(), StringComparison.Ordinal)
            .Replace("{node}", $"{bench.Api.Host.PublicKey}-ssh.localhost", StringComparison.Ordinal);
        using Socket socket = await SendAsync(bench, text);
        Assert.StartsWith("HTTP/1.1 " + answer, await FirstAsync(socket), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Request_WithoutAnEnd_IsRefused()
    {
        await using SshBench bench = await SshBench.StartAsync();
        using Socket socket = await SendAsync(bench, "CONNECT x:22 HTTP/1.1\r\n" + string.Concat(Enumerable.Repeat("A: b\r\n", 1000)));
        Assert.StartsWith("HTTP/1.1 431", await FirstAsync(socket), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Request_ThatDoesNotCome_IsLetGoInItsTime()
    {
        await using SshBench bench = await SshBench.StartAsync();
        using Socket socket = await SendAsync(bench, "CONNECT ");
        Task<string> end = FirstAsync(socket);
        await Eventually.EndsAsync(end, bench.Api.Jobs.Clock, TimeSpan.FromSeconds(1));
        Assert.Equal("", await end);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Client_ThatDoesNotLogIn_IsLetGoInItsTime()
    {
        await using SshBench bench = await SshBench.StartAsync();
        using Socket socket = await SendAsync(bench, $"CONNECT {bench.Api.JobAddress}-0-ssh.localhost:22 HTTP/1.1\r\n\r\n");
        await UntilAsync(socket, "SSH-2.0-");
        bench.Api.Jobs.Clock.Advance(new SshOptions { Networks = [], StateDirectory = "", Program = [], Environment = new Dictionary<string, string>() }.Grace);
        Assert.Equal("", await RestAsync(socket));
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData(3, 3)]
    [InlineData(100, 10)] // the control
    public async Task Clients_BeyondTheLimitOfAName_AreLetGoAtOnce(int limit, int served)
    {
        await using SshBench bench = await SshBench.StartAsync(options => options with { MaxUnauthenticatedOfTarget = limit }, "a", "b");
        var sockets = new List<Socket>();
        int answered = 0;
        for (int i = 0; i < 10; i++)
        {
            sockets.Add(await SendAsync(bench, $"CONNECT {bench.Api.JobAddress}-0-ssh.localhost:22 HTTP/1.1\r\n\r\n"));
            if ((await UntilAsync(sockets[i], "SSH-2.0-")).Contains("SSH-2.0-", StringComparison.Ordinal)) answered++;
        }
        Assert.Equal(served, answered);
        // Another name is not concerned, and a place that is left is free.
        using (Socket other = await SendAsync(bench, $"CONNECT {bench.Api.JobAddress}-1-ssh.localhost:22 HTTP/1.1\r\n\r\n"))
            Assert.Contains("SSH-2.0-", await UntilAsync(other, "SSH-2.0-"), StringComparison.Ordinal);
        sockets.ForEach(socket => socket.Dispose());
        await bench.GrantAsync();
        await Eventually.BecomesAsync(async () => (await bench.RunAsync("exit 3\n")).Code, 3);
    }

    private static async Task<Socket> SendAsync(SshBench bench, string text)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(bench.Front, Cancel);
        await socket.SendAsync(Encoding.ASCII.GetBytes(text), Cancel);
        return socket;
    }

    /// <summary>What comes first; nothing when it is closed.</summary>
    private static async Task<string> FirstAsync(Socket socket)
    {
        var buffer = new byte[4096];
        try
        {
            return Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, Cancel));
        }
        catch (SocketException)
        {
            return "";
        }
    }

    private static async Task<string> UntilAsync(Socket socket, string part)
    {
        string text = "";
        while (!text.Contains(part, StringComparison.Ordinal) && await FirstAsync(socket) is { Length: > 0 } more) text += more;
        return text;
    }

    private static async Task<string> RestAsync(Socket socket)
    {
        while (await FirstAsync(socket) is { Length: > 0 })
        {
            // what is left of the greeting
        }
        return "";
    }
}
