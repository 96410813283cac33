using System.Net;
using System.Text.Json;
using Nosana.Docker.Json;

namespace Nosana.Docker.Transport;

/// <summary>Sends requests: queries with a time limit over the whole exchange, streams without one. Pools of their own, so that none is in the other's way.</summary>
internal sealed class EngineTransport : IDisposable
{
    private readonly DockerClientConfiguration _configuration;
    private readonly Uri _base;
    private readonly HttpMessageInvoker _queries;
    private readonly HttpMessageInvoker _streams;
    private readonly HttpMessageInvoker _output;
    private readonly VersionNegotiation _version;

    public EngineTransport(DockerClientConfiguration configuration, Version? requestedApiVersion)
    {
        _configuration = configuration;
        _base = EngineEndpoint.HttpBase(configuration.EndpointBaseUri);
        _queries = new HttpMessageInvoker(EngineHandler.CreateForQueries(configuration.EndpointBaseUri));
        _streams = new HttpMessageInvoker(EngineHandler.CreateForStreams(configuration.EndpointBaseUri));
        _output = new HttpMessageInvoker(EngineHandler.CreateForOutput(configuration.EndpointBaseUri));
        _version = new VersionNegotiation(this, requestedApiVersion);
    }

    public Task<Version> GetApiVersionAsync(CancellationToken cancellationToken) => _version.GetAsync(cancellationToken);

    /// <summary>A query whose answer is JSON.</summary>
    public Task<T> GetJsonAsync<T>(EngineRequest request, CancellationToken cancellationToken) =>
        LimitedAsync(request, (response, limited) => ReadJsonAsync<T>(request, response, limited), cancellationToken);

    /// <summary>A query whose answer is its status.</summary>
    public Task<HttpStatusCode> SendAsync(EngineRequest request, CancellationToken cancellationToken) =>
        LimitedAsync(request, (response, _) => Task.FromResult(response.StatusCode), cancellationToken);

    /// <summary>A query whose answer is in its headers; <paramref name="read"/> must not keep the response.</summary>
    public Task<T> SendAsync<T>(EngineRequest request, Func<HttpResponseMessage, T> read, CancellationToken cancellationToken) =>
        LimitedAsync(request, (response, _) => Task.FromResult(read(response)), cancellationToken);

    /// <summary>A request without a time limit whose answer is one JSON value, however late.</summary>
    public async Task<T> AwaitJsonAsync<T>(EngineRequest request, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await OpenAsync(request, cancellationToken);
        return await ReadJsonAsync<T>(request, response, cancellationToken);
    }

    /// <summary>A request without a time limit; returns when the answer begins. The caller disposes it, which closes its connection.</summary>
    public async Task<HttpResponseMessage> OpenAsync(EngineRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await ExchangeAsync(request.IsOutput ? _output : _streams, request, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or HttpIOException)
        {
            throw EngineUnavailable.From(_configuration.EndpointBaseUri, e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw EngineUnavailable.NoAnswer(_configuration.EndpointBaseUri, request, EngineHandler.ConnectTimeout, e);
        }
    }

    public void Dispose()
    {
        _queries.Dispose();
        _streams.Dispose();
        _output.Dispose();
    }

    private async Task<T> LimitedAsync<T>(EngineRequest request, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_configuration.DefaultTimeout, _configuration.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using HttpResponseMessage response = await ExchangeAsync(_queries, request, either.Token);
            return await read(response, either.Token);
        }
        catch (Exception e) when (e is HttpRequestException or HttpIOException)
        {
            throw EngineUnavailable.From(_configuration.EndpointBaseUri, e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            TimeSpan waited = limit.IsCancellationRequested ? _configuration.DefaultTimeout : EngineHandler.ConnectTimeout;
            throw EngineUnavailable.NoAnswer(_configuration.EndpointBaseUri, request, waited, e);
        }
    }

    private async Task<HttpResponseMessage> ExchangeAsync(HttpMessageInvoker invoker, EngineRequest request, CancellationToken cancellationToken)
    {
        string version = request.IsUnversioned ? "" : $"/v{await _version.GetAsync(cancellationToken)}";
        using var message = new HttpRequestMessage(request.Method, new Uri(_base, $"{version}{request.Path}{request.Query}"));
        message.Content = request.Content;
        if (request.RegistryAuth is { } auth) message.Headers.Add("X-Registry-Auth", auth);
        // A refused upload is then refused before it is sent, instead of breaking in the middle of it.
        if (request.Content is StreamContent) message.Headers.ExpectContinue = true;

        HttpResponseMessage response = await invoker.SendAsync(message, cancellationToken);
        if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.NotModified) return response;
        using (response)
        {
            DockerApiException error = await EngineErrors.ReadAsync(request, response, cancellationToken);
            _version.Reconsider(error);
            throw error;
        }
    }

    private static async Task<T> ReadJsonAsync<T>(EngineRequest request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            return await JsonSerializer.DeserializeAsync(stream, DockerJson.Of<T>(), cancellationToken)
                ?? throw new DockerStreamException($"The engine answered {request} with null.");
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            throw new DockerStreamException($"The engine's answer to {request} broke off or is not JSON: {e.Message}", e);
        }
    }
}
