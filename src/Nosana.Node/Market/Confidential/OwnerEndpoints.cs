using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Nosana.JobDefinition.Documents;
using Nosana.Node.Chain;
using Nosana.Node.Engine.Egress;
using Nosana.Node.Retries;
using Polly;

namespace Nosana.Node.Market.Confidential;

/// <summary>Places that confidential jobs may name although they lie in this host's own network: the operator's deployment managers.</summary>
/// <param name="Named">Each may be asked for whatever lies at or below it.</param>
internal sealed record TrustedEndpoints(IReadOnlyList<Uri> Named)
{
    public bool Have(Uri endpoint) => Named.Any(named =>
        Uri.Compare(named, endpoint, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0
        && $"{endpoint.AbsolutePath}/".StartsWith($"{named.AbsolutePath.TrimEnd('/')}/", StringComparison.Ordinal));
}

/// <summary>
/// Calls to the endpoints that a confidential job names, signed with the host's key over the job's address and nothing else. A stranger names them: they are on
/// the public internet, or the operator has named them; nothing leads them elsewhere, and none takes longer or more than it may.
/// </summary>
internal sealed partial class OwnerEndpoints(
    AddressPolicy policy, TrustedEndpoints trusted, HostWallet wallet, TimeProvider time, ILogger<OwnerEndpoints> logger) : IDisposable
{
    /// <summary>All of a call.</summary>
    public static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(10);

    /// <summary>Of one that hands a result over, which may have 16 MiB.</summary>
    public static readonly TimeSpan ResultLimit = TimeSpan.FromSeconds(30);

    private readonly HttpClient _guarded = Client(new SocketsHttpHandler
    {
        ConnectCallback = (context, cancel) => policy.ConnectAsync(context.DnsEndPoint, cancel),
    });
    private readonly HttpClient _trusted = Client(new SocketsHttpHandler());

    /// <summary>The definition, JSON in UTF-8; null when the endpoint does not give it.</summary>
    public Task<byte[]?> GetAsync(string job, Uri endpoint, CancellationToken cancel) => TryAsync(endpoint, async token =>
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, endpoint);
        using HttpResponseMessage response = await SendAsync(job, request, CallLimit, token);
        await using Stream content = await response.Content.ReadAsStreamAsync(token);
        return await ReadAsync(content, token);
    }, cancel);

    /// <summary>Hands a result over, JSON in UTF-8; false when the endpoint does not take it.</summary>
    public async Task<bool> PostAsync(string job, Uri endpoint, byte[] result, CancellationToken cancel) => await TryAsync(endpoint, async token =>
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new ByteArrayContent(result) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using HttpResponseMessage response = await SendAsync(job, request, ResultLimit, token);
        return Array.Empty<byte>();
    }, cancel) is not null;

    public void Dispose()
    {
        _guarded.Dispose();
        _trusted.Dispose();
    }

    private async Task<byte[]?> TryAsync(Uri endpoint, Func<CancellationToken, Task<byte[]>> call, CancellationToken cancel)
    {
        ResiliencePipeline tries = RetryPipelines.Create(
            RetryPipelines.OwnerEndpoint, time, e => IsFailure(e, cancel) && e.InnerException is not AddressRefusedException,
            (e, wait) => LogFailed(endpoint.Host, wait, e.Message));
        try
        {
            return await tries.ExecuteAsync(async token => await call(token), cancel);
        }
        catch (Exception e) when (IsFailure(e, cancel))
        {
            LogGivenUp(endpoint.Host, e.InnerException is AddressRefusedException refused ? refused.Message : e.Message);
            return null;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(string job, HttpRequestMessage request, TimeSpan limit, CancellationToken cancel)
    {
        request.Headers.TryAddWithoutValidation("Authorization", SignedCall.HeaderFor(wallet.Account, job, time.GetUtcNow()));
        using var late = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        try
        {
            HttpResponseMessage response = await (trusted.Have(request.RequestUri!) ? _trusted : _guarded)
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (response.IsSuccessStatusCode) return response;
            using (response) throw new HttpRequestException($"it answers {(int)response.StatusCode}", null, response.StatusCode);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new HttpRequestException($"it has not answered for {limit.TotalSeconds:0} s", e);
        }
    }

    private async Task<byte[]> ReadAsync(Stream content, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(CallLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        using var whole = new MemoryStream();
        byte[] buffer = new byte[16 << 10];
        try
        {
            while (await content.ReadAsync(buffer, either.Token) is > 0 and var count)
            {
                if (whole.Length + count > DefinitionLimits.MaxBytes + 1) break; // its reader says that it is too long
                whole.Write(buffer, 0, count);
            }
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new HttpRequestException($"its answer has not come to its end in {CallLimit.TotalSeconds:0} s", e);
        }
        return whole.ToArray();
    }

    private static bool IsFailure(Exception e, CancellationToken cancel) =>
        e is HttpRequestException or IOException or SocketException && !cancel.IsCancellationRequested;

    private static HttpClient Client(SocketsHttpHandler handler)
    {
        // What is signed goes where the definition says and nowhere else.
        handler.AllowAutoRedirect = false;
        handler.UseProxy = false;
        handler.UseCookies = false;
        handler.AutomaticDecompression = DecompressionMethods.None;
        handler.MaxResponseDrainSize = 0;
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(1);
        var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("nosana-node");
        return client;
    }

    [LoggerMessage(540, LogLevel.Warning, "The owner's endpoint at {Host} is asked again in {Wait}: {Problem}")]
    private partial void LogFailed(string host, TimeSpan wait, string problem);

    [LoggerMessage(541, LogLevel.Warning, "The owner's endpoint at {Host} is given up: {Problem}")]
    private partial void LogGivenUp(string host, string problem);
}
