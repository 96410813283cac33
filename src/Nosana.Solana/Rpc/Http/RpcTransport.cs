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
    /// <summary>What is added at most to the time for which a node asked to be left alone, so that its users do not all come back at once.</summary>
    private const double JitterShare = 0.1;

    /// <summary>Between two questions to nodes that are behind: they take one slot in it.</summary>
    private static readonly TimeSpan SlotTime = TimeSpan.FromMilliseconds(400);

    private static readonly TimeSpan AskAllLimit = TimeSpan.FromSeconds(5);

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly RpcClientOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly HttpClient _http;
    private readonly EndpointSelector _endpoints;
    private readonly EndpointRefusals _refusals;
    private readonly Func<double> _random;
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
        _refusals = new EndpointRefusals(options.Endpoints.Count, options.ReturnToFirstAfter, time);
        _random = random;
        _backoff = new Backoff(options.BackoffBase, options.BackoffCap, random);
        _budget = options.RequestsPerSecond is { } rate ? new TokenBucket(rate, options.Burst, time) : null;
    }

    public Uri CurrentEndpoint => _endpoints.Current;

    /// <param name="isBehind">Whether an answer is from before the slot asked for, as of a node that knows no minimum; null where none is asked for.</param>
    public async Task<T?> CallAsync<T>(
        string method, Action<Utf8JsonWriter> writeParams, JsonTypeInfo<JsonRpcResponse<T>> type, RetryMode retry, CancellationToken cancellationToken,
        Func<T, bool>? isBehind = null)
    {
        long id = Interlocked.Increment(ref _lastId);
        byte[] body = WriteRequest(id, method, writeParams);
        long started = _time.GetTimestamp();
        using var deadline = new CancellationTokenSource(_options.TotalTimeout, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        HashSet<int> refused = _refusals.Of(method);
        CallFailures failures = new(method, _options.Endpoints);
        int attempts = 0, asked = 0, rounds = 0;
        try
        {
            while (true)
            {
                (int index, Uri endpoint, TimeSpan wait) = _endpoints.Pick(refused);
                if (wait > TimeSpan.Zero) await WaitAsync(wait, started, index, failures, linked.Token);
                if (_budget is not null) await _budget.TakeAsync(linked.Token);

                (T? result, AttemptFailure? failure) = await AttemptAsync(endpoint, id, method, body, type, linked.Token, cancellationToken);
                if (failure is null && result is not null && isBehind?.Invoke(result) == true)
                    failure = new AttemptFailure("its answer is older than what was seen already", MayHaveActed: false, IsBehind: true);
                if (failure is null) return result;

                failures.Add(index, failure);
                if (!failure.IsBehind) attempts++;
                if (!failure.EndpointRefuses) asked++;
                else if (refused.Add(index)) _refusals.Add(method, index);
                // What a node will not serve says nothing of what it does serve.
                if (failure.Exception is not RpcException { IsRefusal: true })
                    _endpoints.Failed(index, failure.RetryAfter * (1 + (JitterShare * _random())), refused);

                int left = _options.Endpoints.Count - refused.Count;
                if (left == 0 || attempts >= _options.MaxAttempts || retry == RetryMode.Never || (retry == RetryMode.IfNotActedOn && failure.MayHaveActed)
                    || (failure.IsBehind && _time.GetElapsedTime(started) >= _options.LagPatience))
                    throw failures.ToException(attempts);
                // Another node is asked at once; a wait comes when all have been asked.
                TimeSpan pause = TimeSpan.Zero;
                if (asked >= left)
                {
                    pause = failure.IsBehind ? SlotTime : _backoff.Next(rounds++);
                    asked = 0;
                }
                LogRetry(method, new EndpointName(endpoint), failure.Reason, attempts, _options.MaxAttempts, pause.TotalMilliseconds);
                if (pause > TimeSpan.Zero) await Task.Delay(pause, _time, linked.Token);
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            failures.AddFirst(new AttemptFailure($"no answer within {_options.TotalTimeout.TotalSeconds:0.#} s", MayHaveActed: true));
            throw failures.ToException(null);
        }
    }

    /// <summary>Asks every node once, all at the same time and not for long.</summary>
    /// <returns>The results of those that gave one.</returns>
    public async Task<IReadOnlyList<T>> AskAllAsync<T>(
        string method, Action<Utf8JsonWriter> writeParams, JsonTypeInfo<JsonRpcResponse<T>> type, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(AskAllLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        (bool Answers, T? Result)[] asked = await Task.WhenAll(_options.Endpoints.Select(async endpoint =>
        {
            long id = Interlocked.Increment(ref _lastId);
            try
            {
                if (_budget is not null) await _budget.TakeAsync(either.Token);
                (T? result, AttemptFailure? failure) =
                    await AttemptAsync(endpoint, id, method, WriteRequest(id, method, writeParams), type, either.Token, cancellationToken);
                return (failure is null, result);
            }
            catch (Exception e) when (e is RpcException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                return (false, default(T)); // it does not say; the others may
            }
        }));
        return [.. asked.Where(one => one.Answers && one.Result is not null).Select(one => one.Result!)];
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
                return HttpFailure.Of(exception, response) is { } elsewhere ? (default, elsewhere) : throw exception;
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

    private async Task WaitAsync(TimeSpan wait, long started, int index, CallFailures failures, CancellationToken cancellationToken)
    {
        // A node that wants to be left alone for longer than the call may last will not answer it.
        if (_time.GetElapsedTime(started) + wait > _options.TotalTimeout)
        {
            failures.AddFirst(new AttemptFailure($"the node asked to be left alone for another {wait.TotalSeconds:0} s", MayHaveActed: false), index);
            throw failures.ToException(null);
        }
        await Task.Delay(wait, _time, cancellationToken);
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
