using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using Nosana.Solana.Rpc.Json;

namespace Nosana.Solana.Rpc.Http;

/// <summary>Brings one JSON-RPC request to an answer: attempts, waits, the change of nodes, limits of time and rate.</summary>
internal sealed partial class RpcTransport : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly RpcClientOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly HttpClient _http;
    private readonly EndpointSelector _endpoints;
    private readonly Backoff _backoff;
    private readonly TokenBucket? _budget;
    private long _lastId;

    public RpcTransport(RpcClientOptions options, TimeProvider time, Func<double> random, ILogger logger, HttpMessageHandler? handler)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _http = new HttpClient(handler ?? NewHandler(), disposeHandler: handler is null)
        {
            Timeout = Timeout.InfiniteTimeSpan, // limits go through the injected clock
            MaxResponseContentBufferSize = options.MaxResponseBytes,
        };
        _endpoints = new EndpointSelector(options.Endpoints, options.ReturnToFirstAfter, time);
        _backoff = new Backoff(options.BackoffBase, options.BackoffCap, random);
        _budget = options.RequestsPerSecond is { } rate ? new TokenBucket(rate, options.Burst, time) : null;
    }

    public Uri CurrentEndpoint => _endpoints.Current;

    public async Task<T?> CallAsync<T>(
        string method, Action<Utf8JsonWriter> writeParams, JsonTypeInfo<JsonRpcResponse<T>> type, RetryMode retry, CancellationToken cancellationToken)
    {
        long id = Interlocked.Increment(ref _lastId);
        byte[] body = WriteRequest(id, method, writeParams);
        long started = _time.GetTimestamp();
        using var deadline = new CancellationTokenSource(_options.TotalTimeout, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        HashSet<int> refused = [];
        AttemptFailure? failure = null;
        try
        {
            for (int attempt = 1; ; attempt++)
            {
                (int index, Uri endpoint, TimeSpan wait) = _endpoints.Pick();
                if (wait > TimeSpan.Zero) await WaitAsync(wait, started, endpoint, method, failure, linked.Token);
                if (_budget is not null) await _budget.TakeAsync(linked.Token);

                (T? result, failure) = await AttemptAsync(endpoint, id, method, body, type, linked.Token, cancellationToken);
                if (failure is null) return result;

                _endpoints.Failed(index, failure.RetryAfter);
                if (failure.EndpointRefuses) refused.Add(index);
                if (attempt >= _options.MaxAttempts || refused.Count == _options.Endpoints.Count || retry == RetryMode.Never
                    || (retry == RetryMode.IfNotActedOn && failure.MayHaveActed))
                    throw Unavailable(method, endpoint, attempt, failure);
                // Another node is asked at once; a wait comes when all have been asked.
                TimeSpan pause = attempt % _options.Endpoints.Count == 0 ? _backoff.Next((attempt / _options.Endpoints.Count) - 1) : TimeSpan.Zero;
                LogRetry(method, new EndpointName(endpoint), failure.Reason, attempt, _options.MaxAttempts, pause.TotalMilliseconds);
                if (pause > TimeSpan.Zero) await Task.Delay(pause, _time, linked.Token);
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Unavailable(
                method,
                CurrentEndpoint,
                null,
                failure ?? new AttemptFailure($"no answer within {_options.TotalTimeout.TotalSeconds:0.#} s", MayHaveActed: true));
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _budget?.Dispose();
    }

    private async Task<(T? Result, AttemptFailure? Failure)> AttemptAsync<T>(
        Uri endpoint, long id, string method, byte[] body, JsonTypeInfo<JsonRpcResponse<T>> type, CancellationToken linked, CancellationToken callers)
    {
        using var limit = new CancellationTokenSource(_options.RequestTimeout, _time);
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(linked, limit.Token);
        try
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = Json;
            using HttpResponseMessage response = await _http.PostAsync(endpoint, content, attempt.Token);
            if (HttpFailure.Of(response, _time) is { } transient) return (default, transient);
            JsonRpcResponse<T>? answer = await JsonSerializer.DeserializeAsync(await response.Content.ReadAsStreamAsync(attempt.Token), type, attempt.Token);
            if (answer?.Error is { } error)
            {
                RpcException exception = error.ToException(method);
                return exception.IsTransient ? (default, new AttemptFailure(exception.Message, MayHaveActed: false, Exception: exception)) : throw exception;
            }
            if (!response.IsSuccessStatusCode) return (default, HttpFailure.Refusal(response));
            return answer is { HasResult: true, Id.ValueKind: JsonValueKind.Number } && answer.Id.TryGetInt64(out long answered) && answered == id
                ? (answer.Result, null)
                : (default, new AttemptFailure("the answer is not a JSON-RPC answer to this request", MayHaveActed: true));
        }
        catch (JsonException exception)
        {
            return (default, new AttemptFailure($"the answer is not the JSON expected ({exception.Path ?? "$"})", MayHaveActed: true, Exception: exception));
        }
        catch (HttpRequestException exception)
        {
            return (default, HttpFailure.Of(exception, _options.MaxResponseBytes));
        }
        catch (IOException exception)
        {
            return (default, new AttemptFailure($"the connection broke ({exception.Message})", MayHaveActed: true, Exception: exception));
        }
        catch (OperationCanceledException exception) when (limit.IsCancellationRequested && !linked.IsCancellationRequested && !callers.IsCancellationRequested)
        {
            return (default, new AttemptFailure($"no answer within {_options.RequestTimeout.TotalSeconds:0.#} s", MayHaveActed: true, Exception: exception));
        }
    }

    private async Task WaitAsync(TimeSpan wait, long started, Uri endpoint, string method, AttemptFailure? failure, CancellationToken cancellationToken)
    {
        // A node that wants to be left alone for longer than the call may last will not answer it.
        if (_time.GetElapsedTime(started) + wait > _options.TotalTimeout)
            throw Unavailable(
                method,
                endpoint,
                null,
                failure ?? new AttemptFailure($"the node asked to be left alone for another {wait.TotalSeconds:0} s", MayHaveActed: false));
        await Task.Delay(wait, _time, cancellationToken);
    }

    private static RpcUnavailableException Unavailable(string method, Uri endpoint, int? attempts, AttemptFailure failure)
    {
        string remedy = failure.EndpointRefuses
            ? "Check the URL and its credentials (--rpc)."
            : "Check the URL (--rpc) and the network; public nodes limit their users, so give a node of your own or several.";
        return new RpcUnavailableException(
            $"Solana RPC {method}: {EndpointName.Of(endpoint)} gave no answer" +
            $"{(attempts is { } count ? $" in {count} attempt{(count == 1 ? "" : "s")}" : "")}: {failure.Reason}. {remedy}",
            failure.Exception);
    }

    private static byte[] WriteRequest(long id, string method, Action<Utf8JsonWriter> writeParams)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            JsonRpcRequest.Write(writer, id, method, writeParams);
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static SocketsHttpHandler NewHandler() => new()
    {
        AllowAutoRedirect = false, // a POST would silently become a GET
        AutomaticDecompression = System.Net.DecompressionMethods.All,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
    };

    [LoggerMessage(
        EventId = 2001,
        Level = LogLevel.Debug,
        Message = "Solana RPC {Method} at {Endpoint}: {Reason} (attempt {Attempt} of {MaxAttempts}, next in {PauseMs:0} ms)")]
    private partial void LogRetry(string method, EndpointName endpoint, string reason, int attempt, int maxAttempts, double pauseMs);
}
