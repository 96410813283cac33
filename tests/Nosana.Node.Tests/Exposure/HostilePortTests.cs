using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Nosana.JobDefinition.Model;
using Nosana.Node.Exposure;

namespace Nosana.Node.Tests.Exposure;

/// <summary>Ports that answer a probe with more than it wants, or with very much in very small pieces.</summary>
public sealed class HostilePortTests
{
    private static readonly byte[] Ping = [0x89, 0], Byte = [0x02, 1, (byte)'a'], Empty = [0x02, 0];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    // Of pieces of one byte 64 KiB are looked at; of pings and empty pieces there is nothing to look at, and bytes all the same.
    [InlineData(nameof(Byte), "is not in the first 65536 bytes")]
    [InlineData(nameof(Ping), "has sent more than 262144 bytes")]
    [InlineData(nameof(Empty), "has sent more than 262144 bytes")]
    public async Task Prober_WebSocketThatNeverSaysIt_IsLeftByItsBytes(string piece, string expected)
    {
        using var prober = new PortProber(TimeProvider.System);
        ProbeResult result = await ProbeAsync(prober, Of(piece), 200_000);

        Assert.False(result.Passed);
        Assert.Contains(expected, result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prober_LimitIsWider_ReadsThroughPings()
    {
        using var prober = new PortProber(TimeProvider.System, maxAnswerBytes: long.MaxValue);
        Assert.True((await ProbeAsync(prober, Ping, 200_000)).Passed);
    }

    [Fact]
    public void Search_TextInAnyPieces_IsFoundAsInTheWhole()
    {
        var random = new Random(1);
        for (int round = 0; round < 2000; round++)
        {
            byte[] Text(int length) => [.. Enumerable.Range(0, length).Select(_ => (byte)('a' + random.Next(2)))];
            (byte[] whole, byte[] wanted) = (Text(random.Next(60)), Text(random.Next(8)));
            var search = new StreamSearch(wanted);
            bool found = search.Add([]);
            for (int at = 0, length; at < whole.Length; at += length)
            {
                length = random.Next(1, whole.Length - at + 1);
                found = search.Add(whole.AsSpan(at, length));
            }
            Assert.Equal(whole.AsSpan().IndexOf(wanted) >= 0, found);
        }
    }

    [Fact]
    public void Search_ManySmallPieces_KeepsNothingOfThem()
    {
        var search = new StreamSearch([.. Enumerable.Repeat((byte)'a', 1000), (byte)'b']);
        search.Add("a"u8);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int count = 0; count < 65_536; count++) search.Add("a"u8);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static byte[] Of(string piece) => piece switch { nameof(Byte) => Byte, nameof(Ping) => Ping, _ => Empty };

    /// <summary>A WebSocket that sends a piece so often, and then what is expected.</summary>
    private static async Task<ProbeResult> ProbeAsync(PortProber prober, byte[] piece, int times)
    {
        using TcpListener listener = Listen(out Uri address);
        Task serving = ServeAsync(listener, async (stream, request) =>
        {
            string key = request.Split('\n').Single(line => line.StartsWith("Sec-WebSocket-Key: ", StringComparison.Ordinal))["Sec-WebSocket-Key: ".Length..].Trim();
#pragma warning disable CA5350 // the protocol's
            string accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
            await stream.WriteAsync(Encoding.ASCII.GetBytes(
                $"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"), Token);
            Task answers = stream.CopyToAsync(Stream.Null, Token);
            byte[] all = new byte[piece.Length * times];
            for (int at = 0; at < all.Length; at += piece.Length) piece.CopyTo(all, at);
            // The first of a message says what it is; what follows continues it.
            if (piece[0] == 0x02) for (int at = piece.Length; at < all.Length; at += piece.Length) all[at] = 0;
            await stream.WriteAsync(all, Token);
            await stream.WriteAsync((byte[])[0x82, 5, .. "ready"u8], Token);
            await answers;
        });
        ProbeResult result = await prober.RunAsync(new ProbedPort(address, address), new WebSocketHealthCheck("ready", false), PortProber.StartupLimit, Token);
        await serving;
        return result;
    }

    private static TcpListener Listen(out Uri address)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        address = new Uri($"http://{listener.LocalEndpoint}");
        return listener;
    }

    private static async Task ServeAsync(TcpListener listener, Func<NetworkStream, string, Task> answer)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync(Token);
        await using NetworkStream stream = client.GetStream();
        var request = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (!request.ToString().Contains("\r\n\r\n", StringComparison.Ordinal)) request.Append(Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer, Token)));
        try
        {
            await answer(stream, request.ToString());
        }
        catch (IOException)
        {
            // The prober has left, as it should.
        }
    }
}
