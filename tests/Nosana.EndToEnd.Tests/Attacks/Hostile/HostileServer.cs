using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Nosana.EndToEnd.Tests.Attacks.Hostile;

/// <summary>
/// A server that answers by a seeded generator; or stands before an honest one and lets some connections through, which it cuts after a while.
/// </summary>
internal sealed class HostileServer : IAsyncDisposable
{
    private const int HeadBytes = 64 << 10;

    private readonly Socket _listener;
    private readonly HostileAnswers _answers;
    private readonly Uri? _behind;
    private readonly double _honesty;
    private readonly int _seed;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<Task, bool> _serving = new();
    private readonly ConcurrentDictionary<string, int> _given = new();
    private CancellationTokenSource _truce = new();
    private int _connections;

    /// <param name="name">For the report.</param>
    /// <param name="listener">Listens already; disposed with this.</param>
    /// <param name="behind">The honest server; null for none.</param>
    /// <param name="honesty">Share of the connections that reach it.</param>
    public HostileServer(string name, Socket listener, int seed, HostileAnswers answers, Uri? behind = null, double honesty = 0)
    {
        (Name, _listener, _seed, _answers, _behind, _honesty) = (name, listener, seed, answers, behind, honesty);
        Start(AcceptAsync);
    }

    public string Name { get; }

    /// <summary>With it the server speaks TLS; null is plain HTTP.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Whether every connection reaches the honest server, and stays.</summary>
    public bool IsHonest => !_truce.IsCancellationRequested;

    /// <summary>How often it answered in which way.</summary>
    public IReadOnlyDictionary<string, int> Given => _given;

    public static Socket ListenOnLoopback()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        return socket;
    }

    /// <summary>This server's address in place of the honest one's.</summary>
    public Uri Before(Uri url) => new UriBuilder(url) { Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndPoint!).Port }.Uri;

    /// <summary>From now on it lies, also to those who are connected.</summary>
    public void EndTruce() => _truce.Cancel();

    /// <summary>From now on it is honest.</summary>
    public void MakeTruce() => _truce = new CancellationTokenSource();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await Task.WhenAll(_serving.Keys).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private void Start(Func<Task> serve)
    {
        Task task = Task.Run(serve);
        _serving[task] = true;
        _ = task.ContinueWith(ended => _serving.TryRemove(ended, out _), TaskScheduler.Default);
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            Socket client = await _listener.AcceptAsync(_end.Token);
            var random = new Random(unchecked(_seed * 1_000_003 + ++_connections));
            Start(() => ServeAsync(client, random));
        }
    }

    private async Task ServeAsync(Socket client, Random random)
    {
        string kind = "hung up on";
        try
        {
            await using var stream = new NetworkStream(client, ownsSocket: true);
            if (_behind is not null && (IsHonest || random.NextDouble() < _honesty))
            {
                kind = "the truth";
                await PassAsync(stream, _behind, TimeSpan.FromSeconds(random.Next(1, 20)));
            }
            else if (Certificate is { } certificate)
            {
                await using var secure = new SslStream(stream);
                await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, _end.Token);
                if (await ReadHeadAsync(secure)) kind = await _answers.AnswerAsync(secure, client, random, _end.Token);
            }
            else if (await ReadHeadAsync(stream))
            {
                kind = await _answers.AnswerAsync(stream, client, random, _end.Token);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException or AuthenticationException)
        {
            // Whoever asked has gone, or this answer has had its time.
        }
        _given.AddOrUpdate(kind, 1, (_, count) => count + 1);
    }

    private async Task PassAsync(NetworkStream near, Uri to, TimeSpan cutAfter)
    {
        using var server = new TcpClient();
        CancellationToken truce = _truce.Token;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        await using CancellationTokenRegistration lies = truce.Register(() => limit.CancelAfter(cutAfter));
        await server.ConnectAsync(to.Host, to.Port, limit.Token);
        NetworkStream far = server.GetStream();
        await Task.WhenAny(near.CopyToAsync(far, limit.Token), far.CopyToAsync(near, limit.Token));
    }

    private async Task<bool> ReadHeadAsync(Stream stream)
    {
        byte[] buffer = new byte[HeadBytes];
        for (int filled = 0; filled < buffer.Length;)
        {
            int read = await stream.ReadAsync(buffer.AsMemory(filled), _end.Token);
            if (read == 0) return false;
            filled += read;
            if (buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8) >= 0) return true;
        }
        return true;
    }
}
