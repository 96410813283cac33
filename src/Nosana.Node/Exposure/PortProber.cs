using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using Nosana.JobDefinition.Model;

namespace Nosana.Node.Exposure;

/// <summary>
/// Performs one probe against a container's port. Never throws but for cancellation: whatever goes wrong is a probe that did not pass. It connects to
/// the address that it is given, the container's own in its job's network, and to no other: redirects are not followed, and paths name no host.
/// </summary>
/// <param name="time">Clock of the limit.</param>
/// <param name="maxAnswerBytes">The most that is taken of an answer, whatever it is: headers, messages, pings.</param>
internal sealed class PortProber(TimeProvider time, long maxAnswerBytes = PortProber.MaxAnswerBytes) : IDisposable
{
    public const long MaxAnswerBytes = 256 * 1024;

    /// <summary>What a server gets to answer one probe.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>The most of a WebSocket's messages that is searched, in bytes.</summary>
    private const int MaxWebSocketBytes = 64 * 1024;

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        // A probe says whether the port takes connections now; a kept one says whether it did.
        PooledConnectionLifetime = TimeSpan.Zero,
        MaxResponseDrainSize = 0,
        PlaintextStreamFilter = (context, _) => ValueTask.FromResult<Stream>(new LimitedStream(context.PlaintextStream, maxAnswerBytes)),
    });

    /// <param name="port">Address and port of the container, scheme http.</param>
    public async Task<ProbeResult> RunAsync(Uri port, HealthCheck check, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        string what = check is HttpHealthCheck request ? $"{request.Method} {HttpTarget(port, request)}" : $"WebSocket {SocketTarget(port)}";
        try
        {
            return check switch
            {
                HttpHealthCheck http => await HttpAsync(HttpTarget(port, http), http, what, linked.Token).ConfigureAwait(false),
                WebSocketHealthCheck socket => await WebSocketAsync(SocketTarget(port), socket, what, linked.Token).ConfigureAwait(false),
                _ => throw new ArgumentOutOfRangeException(nameof(check), check, "A kind of health check that is not known."),
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ProbeResult(false, $"{what}: no answer as expected within {Limit.TotalSeconds:0} s");
        }
        catch (Exception exception) when (exception is HttpRequestException or WebSocketException or IOException or FormatException or ArgumentException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new ProbeResult(false, $"{what}: {exception.GetBaseException().Message}");
        }
    }

    public void Dispose() => _client.Dispose();

    private static string HttpTarget(Uri port, HttpHealthCheck check) =>
        port.GetLeftPart(UriPartial.Authority) + (check.Path.StartsWith('/') ? "" : "/") + check.Path;

    private static Uri SocketTarget(Uri port) => new($"ws://{port.Authority}/");

    private async Task<ProbeResult> HttpAsync(string target, HttpHealthCheck check, string what, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(new HttpMethod(check.Method), target);
        if (check.Body is not null && check.Method.ToUpperInvariant() is "POST" or "PUT") request.Content = new StringContent(check.Body ?? "");
        foreach ((string name, string value) in check.Headers)
        {
            if (request.Headers.TryAddWithoutValidation(name, value) || request.Content is null) continue;
            request.Content.Headers.Remove(name);
            request.Content.Headers.TryAddWithoutValidation(name, value);
        }
        // The status is the whole answer: a body that never ends is left unread.
        using HttpResponseMessage response = await _client.SendAsync(request, cancellationToken).ConfigureAwait(false);
        int status = (int)response.StatusCode;
        string seen = string.Create(CultureInfo.InvariantCulture, $"{what}: status {status}, expected {check.ExpectedStatus}");
        return new ProbeResult(status == check.ExpectedStatus, seen);
    }

    private async Task<ProbeResult> WebSocketAsync(Uri target, WebSocketHealthCheck check, string what, CancellationToken cancellationToken)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        await socket.ConnectAsync(target, _client, cancellationToken).ConfigureAwait(false);
        var seen = new StringBuilder("HTTP/1.1 101 Switching Protocols\r\n");
        foreach ((string name, IEnumerable<string> values) in socket.HttpResponseHeaders ?? new Dictionary<string, IEnumerable<string>>())
        {
            seen.Append(name).Append(": ").AppendJoin(", ", values).Append("\r\n");
        }
        byte[] wanted = Encoding.UTF8.GetBytes(check.ExpectedResponse);
        if (wanted.Length > MaxWebSocketBytes)
            return new ProbeResult(false, $"{what}: what is expected is longer than the {MaxWebSocketBytes} bytes that are looked at");
        var search = new StreamSearch(wanted);
        var buffer = new byte[4096];
        bool found = search.Add(Encoding.UTF8.GetBytes(seen.ToString()));
        for (int received = 0; !found;)
        {
            if (received >= MaxWebSocketBytes) return new ProbeResult(false, $"{what}: '{check.ExpectedResponse}' is not in the first {received} bytes");
            ValueWebSocketReceiveResult piece = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken).ConfigureAwait(false);
            if (piece.MessageType == WebSocketMessageType.Close) return new ProbeResult(false, $"{what}: closed before '{check.ExpectedResponse}' came");
            found = search.Add(buffer.AsSpan(0, piece.Count));
            received += piece.Count;
        }
        // Dropped rather than closed: a goodbye would wait for a server that may never read.
        socket.Abort();
        return new ProbeResult(true, $"{what}: '{check.ExpectedResponse}' seen");
    }
}

/// <param name="Passed">As expected.</param>
/// <param name="Detail">For a person: what was asked and what came.</param>
internal readonly record struct ProbeResult(bool Passed, string Detail);
