using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using Nosana.JobDefinition.Model;
using Nosana.Node.Exposure.Forwarding;

namespace Nosana.Node.Exposure;

/// <summary>
/// Performs one probe against a container's port, as a client's request arrives there: by the ingress's own HTTP client, under the public name, the path
/// as it is written. Never throws but for cancellation: whatever goes wrong is a probe that did not pass. It connects to the address that it is given,
/// the container's own in its job's network, and to no other: redirects are not followed, and paths name no host.
/// </summary>
/// <param name="time">Clock of the limit.</param>
/// <param name="maxAnswerBytes">The most that is taken of an answer, whatever it is: headers, messages, pings.</param>
internal sealed class PortProber(TimeProvider time, long maxAnswerBytes = PortProber.MaxAnswerBytes) : IDisposable
{
    public const long MaxAnswerBytes = 256 * 1024;

    /// <summary>What a server gets to answer one probe before it was ready, since a model may be loaded by its first request; the official host's.</summary>
    public static readonly TimeSpan StartupLimit = TimeSpan.FromSeconds(60);

    /// <summary>And once it was; the official host's.</summary>
    public static readonly TimeSpan ContinuousLimit = TimeSpan.FromSeconds(20);

    /// <summary>What it gets to take a connection; the official host's.</summary>
    private static readonly TimeSpan s_connectLimit = TimeSpan.FromSeconds(2);

    /// <summary>The most of a WebSocket's messages that is searched, in bytes.</summary>
    private const int MaxWebSocketBytes = 64 * 1024;

    private readonly HttpMessageInvoker _client = new(Handler(maxAnswerBytes));

    /// <param name="port">Where.</param>
    /// <param name="check">What to ask and to expect.</param>
    /// <param name="within">What the server gets to answer.</param>
    /// <param name="cancellationToken">Ends the probe.</param>
    public async Task<ProbeResult> RunAsync(ProbedPort port, HealthCheck check, TimeSpan within, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(within, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        string prefix = port.Address.GetLeftPart(UriPartial.Authority);
        string what = check is HttpHealthCheck request ? $"{request.Method} {prefix}{PathOf(request)}" : $"WebSocket ws://{port.Address.Authority}/";
        try
        {
            return check switch
            {
                HttpHealthCheck http => await HttpAsync(port, prefix, http, what, linked.Token).ConfigureAwait(false),
                WebSocketHealthCheck socket => await WebSocketAsync(port, socket, what, linked.Token).ConfigureAwait(false),
                _ => throw new ArgumentOutOfRangeException(nameof(check), check, "A kind of health check that is not known."),
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ProbeResult(false, $"{what}: no answer as expected within {(limit.IsCancellationRequested ? within : s_connectLimit).TotalSeconds:0} s");
        }
        catch (Exception exception) when (exception is HttpRequestException or WebSocketException or IOException or FormatException or ArgumentException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new ProbeResult(false, $"{what}: {exception.GetBaseException().Message}");
        }
    }

    public void Dispose() => _client.Dispose();

    private static SocketsHttpHandler Handler(long maxAnswerBytes)
    {
        SocketsHttpHandler handler = ContainerClient.Create(s_connectLimit);
        // A probe says whether the port takes connections now; a kept one says whether it did.
        handler.PooledConnectionLifetime = TimeSpan.Zero;
        handler.MaxResponseDrainSize = 0;
        handler.PlaintextStreamFilter = (context, _) => ValueTask.FromResult<Stream>(new LimitedStream(context.PlaintextStream, maxAnswerBytes));
        return handler;
    }

    private static string PathOf(HttpHealthCheck check) => check.Path.StartsWith('/') ? check.Path : "/" + check.Path;

    // As it is written, where a request line can have it so; else escaped, which is what its author means.
    private static Uri TargetOf(string prefix, string path) =>
        RequestTarget.IsPrintable(path) && !path.Contains('#') ? RequestTarget.At(prefix, path) : new Uri(prefix + path);

    private async Task<ProbeResult> HttpAsync(ProbedPort port, string prefix, HttpHealthCheck check, string what, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(new HttpMethod(check.Method), TargetOf(prefix, PathOf(check)));
        if (check.Body is not null && check.Method.ToUpperInvariant() is "POST" or "PUT") request.Content = new StringContent(check.Body ?? "");
        request.Headers.Host = port.PublicUrl.Authority;
        request.Headers.TryAddWithoutValidation(ExactTransformer.Proto, port.PublicUrl.Scheme);
        request.Headers.TryAddWithoutValidation(ExactTransformer.Host, port.PublicUrl.Authority);
        foreach ((string name, string value) in check.Headers)
        {
            // The definition's own takes the place of ours.
            if (request.Headers.NonValidated.Contains(name)) request.Headers.Remove(name);
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

    private async Task<ProbeResult> WebSocketAsync(ProbedPort port, WebSocketHealthCheck check, string what, CancellationToken cancellationToken)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.SetRequestHeader("Host", port.PublicUrl.Authority);
        await socket.ConnectAsync(new Uri($"ws://{port.Address.Authority}/"), _client, cancellationToken).ConfigureAwait(false);
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
