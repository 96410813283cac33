using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Nosana.Node.Tests.Exposure;

/// <summary>A server of bytes in the place of a container's port: keeps what it reads of each request, a character for a byte, and answers what it is told.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    public const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _over = new();
    private readonly Task _accepting;

    public RawServer()
    {
        _listener.Start(512);
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://{_listener.LocalEndpoint}");

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>The answer to the next requests; the connection is closed after it.</summary>
    public string Answer { get; set; } = Ok;

    /// <summary>Request lines and headers, in the order they came.</summary>
    public ConcurrentQueue<string> Heads { get; } = new();

    /// <summary>Connections that a peer has closed.</summary>
    public int Closed => Volatile.Read(ref _closed);

    private int _closed;

    public string TakeHead() => Heads.TryDequeue(out string? head) ? head : "";

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _over.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            TcpClient client = await _listener.AcceptTcpClientAsync(_over.Token);
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await using NetworkStream stream = client.GetStream();
                if (await RawClient.ReadHeadAsync(stream, _over.Token) is not { Length: > 0 } head) return;
                Heads.Enqueue(head);
                await stream.WriteAsync(Encoding.Latin1.GetBytes(Answer), _over.Token);
                if (Answer.Length == 0) await stream.CopyToAsync(Stream.Null, _over.Token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // The other side has left, or the test is over.
            }
            Interlocked.Increment(ref _closed);
        }
    }
}

/// <summary>A client of bytes, a character for a byte.</summary>
internal static class RawClient
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    /// <summary>Sends, and reads until the server closes.</summary>
    public static async Task<string> ExchangeAsync(IPEndPoint server, string request)
    {
        using TcpClient client = await ConnectAsync(server);
        NetworkStream stream = client.GetStream();
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request), TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // Refused before all of it was read; the answer says why.
        }
        return await ReadToEndAsync(stream);
    }

    public static async Task<TcpClient> ConnectAsync(IPEndPoint server)
    {
        var client = new TcpClient();
        await client.ConnectAsync(server, TestContext.Current.CancellationToken);
        return client;
    }

    /// <summary>Everything until the other side closes, or resets.</summary>
    public static async Task<string> ReadToEndAsync(NetworkStream stream)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(s_limit);
        var all = new StringBuilder();
        byte[] buffer = new byte[16 * 1024];
        try
        {
            for (int read; (read = await stream.ReadAsync(buffer, limit.Token)) > 0;) all.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
        catch (IOException)
        {
            // A reset ends it, too.
        }
        return all.ToString();
    }

    /// <summary>Up to the empty line; empty when the other side closed before it.</summary>
    public static async Task<string> ReadHeadAsync(NetworkStream stream, CancellationToken cancel)
    {
        var head = new StringBuilder();
        byte[] one = new byte[16 * 1024];
        while (true)
        {
            int read = await stream.ReadAsync(one, cancel);
            if (read == 0) return "";
            head.Append(Encoding.Latin1.GetString(one, 0, read));
            int end = head.ToString().IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0) return head.ToString(0, end);
        }
    }

    public static int StatusOf(string answer) =>
        answer.Length > 12 && int.TryParse(answer.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture, out int status) ? status : 0;

    /// <summary>The value of a header in a message's head, as it was written; null when it has none.</summary>
    public static string? HeaderOf(string head, string name)
    {
        foreach (string line in head.Split("\r\n"))
        {
            if (line.Length == 0) return null;
            if (line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)) return line[(name.Length + 1)..].Trim(' ', '\t');
        }
        return null;
    }
}
