using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Nosana.Node.Control;

/// <summary>Asks and tells the agent of a state directory.</summary>
internal sealed class ControlClient : IDisposable
{
    private readonly ControlSocket _socket;
    private readonly HttpClient _http;

    public ControlClient(ControlSocket socket)
    {
        _socket = socket;
        _http = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync, UseProxy = false })
        {
            BaseAddress = new Uri("http://localhost/"),
            Timeout = Timeout.InfiniteTimeSpan, // a reload looks at the chain; whoever waits can press Ctrl-C
        };
    }

    /// <exception cref="ControlUnavailableException">No agent runs there, or this user may not ask it.</exception>
    /// <exception cref="ControlException">It refused, or it is too old.</exception>
    public async Task<JsonNode> SendAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, cancel);
            string text = await response.Content.ReadAsStringAsync(cancel);
            if (response.IsSuccessStatusCode) return JsonNode.Parse(text) ?? throw new JsonException("null");
            throw Refusal(response, path, text);
        }
        catch (HttpRequestException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.AccessDenied })
        {
            throw new ControlUnavailableException(
                $"This user may not control the agent of {_socket.StateDirectory}. Ask as the user whom it runs as, or as root.", isAbsent: false, e);
        }
        catch (Exception e) when (e is HttpRequestException or ArgumentOutOfRangeException)
        {
            throw new ControlUnavailableException(
                $"No agent answers at {_socket.Path}. Start one, or name its directory with --state.", isAbsent: e.InnerException is SocketException, e);
        }
        catch (JsonException e)
        {
            throw new ControlException((int)HttpStatusCode.BadGateway, $"What listens at {_socket.Path} is no agent: its answer is no JSON.", inner: e);
        }
    }

    public void Dispose() => _http.Dispose();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(_socket.Path), cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static ControlException Refusal(HttpResponseMessage response, string path, string text)
    {
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            string version = response.Headers.TryGetValues(ControlSocket.VersionHeader, out IEnumerable<string>? values) ? values.First() : "unknown";
            return new ControlException((int)response.StatusCode,
                $"The agent that runs (version {version}) knows no '{path.Split('?')[0]}', this program is version {ControlSocket.Version}. "
                + "Start the agent again.");
        }
        JsonNode? answer = JsonNode.Parse(text);
        IReadOnlyList<string> details = [.. (answer?["details"] as JsonArray ?? []).Select(line => (string?)line ?? "")];
        return new ControlException((int)response.StatusCode, (string?)answer?["error"] ?? $"The agent answered status {(int)response.StatusCode}.", details);
    }
}

/// <summary>Nobody can be asked.</summary>
/// <param name="isAbsent">Nobody listens there; else it may be that this user must not know.</param>
internal sealed class ControlUnavailableException(string message, bool isAbsent, Exception inner) : Exception(message, inner)
{
    public bool IsAbsent { get; } = isAbsent;
}
