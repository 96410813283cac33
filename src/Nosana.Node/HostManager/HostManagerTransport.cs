using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Nosana.Node.HostManager;

/// <summary>
/// One request and one answer, within a time limit and a size limit. Redirects are not followed: the authorization is good for ever, and
/// belongs to the configured address alone.
/// </summary>
internal sealed class HostManagerTransport : IDisposable
{
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(10);

    private const int MaxAnswerBytes = 1024 * 1024;
    private const int QuotedLength = 200;

    private readonly HttpClient _http;
    private readonly Uri _base;
    private readonly TimeProvider _time;

    /// <param name="http">On a handler that <see cref="Harden"/> has seen; it becomes this transport's own.</param>
    /// <param name="address">Of the service.</param>
    /// <param name="time">The clock of the time limit.</param>
    public HostManagerTransport(HttpClient http, Uri address, TimeProvider time)
    {
        // Only a path that ends in a slash is kept when another is appended.
        _base = address.AbsolutePath.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");
        _time = time;
        _http = http;
        _http.Timeout = Timeout.InfiniteTimeSpan;
        _http.MaxResponseContentBufferSize = MaxAnswerBytes;
    }

    /// <summary>No redirects, no cookies.</summary>
    public static SocketsHttpHandler Harden(SocketsHttpHandler handler)
    {
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        return handler;
    }

    public void Dispose() => _http.Dispose();

    public async Task<JsonElement> GetAsync(string call, string path, string? authorization, CancellationToken cancel) =>
        Parse(call, await SendAsync(call, HttpMethod.Get, path, authorization, [], cancel));

    public async Task<JsonElement> PostAsync(string call, string path, string authorization, byte[] body, CancellationToken cancel) =>
        Parse(call, await SendAsync(call, HttpMethod.Post, path, authorization, body, cancel));

    /// <summary>Posts where only the status matters.</summary>
    public Task TellAsync(string call, string path, string authorization, byte[] body, CancellationToken cancel) =>
        SendAsync(call, HttpMethod.Post, path, authorization, body, cancel);

    private async Task<byte[]> SendAsync(string call, HttpMethod method, string path, string? authorization, byte[] body, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(TimeLimit, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        using var request = new HttpRequestMessage(method, new Uri(_base, path)) { Content = new ByteArrayContent(body) };
        // Also on GET, without a body: so the official clients send it.
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, linked.Token);
            byte[] answer = await response.Content.ReadAsByteArrayAsync(linked.Token);
            if (ErrorOf(answer) is { } error) throw new HostManagerException(HostManagerFault.Refused, call, error);
            if (!response.IsSuccessStatusCode)
                throw new HostManagerException(HostManagerFault.Refused, call, $"status {(int)response.StatusCode}{Quote(answer)}");
            return answer;
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new HostManagerException(HostManagerFault.Silent, call, $"no answer within {TimeLimit.TotalSeconds} s", e);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new HostManagerException(HostManagerFault.Nonsense, call, $"an answer of more than {MaxAnswerBytes} bytes", e);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.InvalidResponse)
        {
            throw new HostManagerException(HostManagerFault.Nonsense, call, $"no HTTP answer: {e.Message}", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new HostManagerException(HostManagerFault.Unreachable, call, e.Message, e);
        }
    }

    private static JsonElement Parse(string call, byte[] answer) =>
        TryParse(answer) ?? throw new HostManagerException(HostManagerFault.Nonsense, call, $"its answer is no JSON{Quote(answer)}");

    // {"name":"Error","message":"..."}, whatever the status.
    private static string? ErrorOf(byte[] answer) =>
        TryParse(answer) is { } json && AnswerReading.Text(json, "name") == "Error"
            ? AnswerReading.Text(json, "message") ?? "an error without a message"
            : null;

    private static JsonElement? TryParse(byte[] answer)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(answer);
            JsonElement root = document.RootElement.Clone();
            ReadTexts(root);
            return root;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null; // no JSON, or JSON with half a surrogate pair; what that means, the caller says
        }
    }

    // Texts are decoded when they are read: one that cannot be must be seen here, not at its use.
    private static void ReadTexts(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            _ = element.GetString();
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in element.EnumerateArray()) ReadTexts(item);
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in element.EnumerateObject())
            {
                _ = property.Name;
                ReadTexts(property.Value);
            }
        }
    }

    private static string Quote(byte[] answer)
    {
        string text = Encoding.UTF8.GetString(answer.AsSpan(0, Math.Min(answer.Length, QuotedLength)));
        string printable = string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();
        return printable.Length == 0 ? "" : $": {printable}";
    }
}
