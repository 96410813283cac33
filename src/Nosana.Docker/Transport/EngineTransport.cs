using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Nosana.Docker.Transport;

/// <summary>
/// Sends the library's requests and this assembly's own: with the version that engine and client share, queries with a time limit over the whole
/// exchange, streams without one, each kind on connections of its own and no more of them than it may have, and errors as
/// <see cref="DockerException"/>, which the library passes on.
/// </summary>
internal sealed class EngineTransport : HttpMessageHandler
{
    /// <summary>Downloads, uploads and ends at once: more than the agent has of each, and few for an engine.</summary>
    private const int TransfersAtOnce = 32;

    /// <summary>Containers that are watched, and whose output is read, and terminals, at once. One beyond that is noticed later.</summary>
    private const int ContainersAtOnce = 1024;

    private readonly Uri _endpoint;
    private readonly TimeSpan _limit;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _queries;
    private readonly SemaphoreSlim _queriesAtOnce;
    private readonly Dictionary<EngineConnection, HttpMessageInvoker> _streams;
    private readonly VersionNegotiation _version;

    public EngineTransport(Uri endpoint, TimeSpan limit, TimeProvider time, Version? requestedApiVersion, int queriesAtOnce)
    {
        (_endpoint, _limit, _time) = (endpoint, limit, time);
        Base = EngineEndpoint.HttpBase(endpoint);
        _queries = new HttpMessageInvoker(EngineHandler.CreateForQueries(endpoint));
        _queriesAtOnce = new SemaphoreSlim(queriesAtOnce);
        _streams = new()
        {
            [EngineConnection.Output] = new(EngineHandler.CreateForOutput(endpoint, ContainersAtOnce)),
            [EngineConnection.Terminal] = new(EngineHandler.CreateForStreams(endpoint, ContainersAtOnce)),
            [EngineConnection.Watch] = new(EngineHandler.CreateForStreams(endpoint, ContainersAtOnce)),
            [EngineConnection.Download] = new(EngineHandler.CreateForStreams(endpoint, TransfersAtOnce)),
            [EngineConnection.Upload] = new(EngineHandler.CreateForStreams(endpoint, TransfersAtOnce)),
            [EngineConnection.End] = new(EngineHandler.CreateForStreams(endpoint, TransfersAtOnce)),
        };
        _version = new VersionNegotiation(this, requestedApiVersion);
    }

    public Uri Base { get; }

    /// <summary>As <see cref="SendAsync"/>, for requests of this assembly.</summary>
    public Task<HttpResponseMessage> ExchangeAsync(HttpRequestMessage request, CancellationToken cancellationToken) => SendAsync(request, cancellationToken);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        EngineRoute route = EngineRoute.Of(request);
        RefuseOddNames(request, route);
        // What a query waits for in here is no silence of the engine. The version is asked for by a query that waits already.
        bool takesTurns = !route.IsUnlimited && !route.IsUnversioned;
        if (takesTurns) await _queriesAtOnce.WaitAsync(cancellationToken);
        try
        {
            return await SendAsync(route, request, cancellationToken);
        }
        finally
        {
            if (takesTurns) _queriesAtOnce.Release();
        }
    }

    protected override void Dispose(bool disposing)
    {
        _queries.Dispose();
        foreach (HttpMessageInvoker streams in _streams.Values) streams.Dispose();
        _queriesAtOnce.Dispose();
        base.Dispose(disposing);
    }

    private async Task<HttpResponseMessage> SendAsync(EngineRoute route, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var limit = route.IsUnlimited ? null : new CancellationTokenSource(_limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit?.Token ?? default, cancellationToken);
        try
        {
            HttpResponseMessage response = await ExchangeAsync(route, request, limit is null ? cancellationToken : either.Token);
            if (limit is not null) await ReadWholeAsync(route, response, either.Token); // the limit is of the whole answer
            return response;
        }
        catch (Exception e) when (e is HttpRequestException or HttpIOException)
        {
            throw EngineUnavailable.From(_endpoint, e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw EngineUnavailable.NoAnswer(_endpoint, route, limit is { IsCancellationRequested: true } ? _limit : EngineHandler.ConnectTimeout, e);
        }
    }

    private async Task<HttpResponseMessage> ExchangeAsync(EngineRoute route, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string version = route.IsUnversioned ? "" : $"/v{await _version.GetAsync(cancellationToken)}";
        request.RequestUri = new Uri(Base, version + request.RequestUri!.PathAndQuery);
        // A refused upload is then refused before it is sent, instead of breaking in the middle of it.
        if (request.Content is StreamContent) request.Headers.ExpectContinue = true;
        if (route == new EngineRoute(HttpMethod.Post, "/networks/create")) request.Content = await RefuseDuplicateAsync(request.Content!, cancellationToken);

        HttpResponseMessage response = await (route.IsUnlimited ? _streams[route.Connection] : _queries).SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode || response.StatusCode is HttpStatusCode.NotModified or HttpStatusCode.SwitchingProtocols) return response;
        using (response)
        {
            DockerApiException error = await EngineErrors.ReadAsync(route, response, cancellationToken);
            _version.Reconsider(error);
            throw error;
        }
    }

    /// <summary>
    /// A name with a segment of one or two points would make another request of its own: deleting image <c>../containers/x</c> deletes container x. The
    /// library puts names into paths as they are, and an address resolves such segments while it is made, so that only its first text shows them.
    /// </summary>
    private static void RefuseOddNames(HttpRequestMessage request, EngineRoute route)
    {
        string address = request.RequestUri!.OriginalString.Split('?', 2)[0];
        string path = address[(address.IndexOf('/', "http://".Length) + 1)..];
        if (!Uri.UnescapeDataString(path).Split('/', '\\').Any(segment => segment is "" or "." or "..")) return;
        throw EngineErrors.OddName($"'{path}'", route.ToString());
    }

    /// <summary>Reads an answer and leaves it without nulls, of which the library's models know no use.</summary>
    private static async Task ReadWholeAsync(EngineRoute route, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        byte[] answer = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (answer.Length == 0 || response.Content.Headers.ContentType?.MediaType == "text/plain") return;
        try
        {
            response.Content = new ByteArrayContent(EngineJson.WithoutNulls(answer));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter of a text with half a character
        {
            throw new DockerStreamException($"The engine's answer to {route} is not JSON: {e.Message}", e);
        }
    }

    /// <summary>Engines before API 1.44 make a second network of a name unless they are told not to, and the library knows no such engines.</summary>
    private static async Task<HttpContent> RefuseDuplicateAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var body = (JsonObject)JsonNode.Parse(await content.ReadAsByteArrayAsync(cancellationToken))!;
        body["CheckDuplicate"] = true;
        return new StringContent(body.ToJsonString(), new MediaTypeHeaderValue("application/json"));
    }
}
