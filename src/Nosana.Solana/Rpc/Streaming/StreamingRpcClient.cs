using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using Nosana.Solana.Rpc.Json;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Solana.Rpc.Streaming;

/// <inheritdoc cref="IStreamingRpcClient"/>
public sealed partial class StreamingRpcClient : IStreamingRpcClient
{
    private static readonly RpcJsonContext Json = RpcJsonContext.Default;

    /// <summary>A WebSocket's own handler follows redirects: a node could have this machine ask whatever it likes.</summary>
    private static readonly HttpMessageInvoker s_http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    private readonly StreamingRpcClientOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Backoff _backoff;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly HashSet<Subscription> _subscriptions = [];
    private volatile Uri[] _endpoints;
    private CancellationTokenSource _moved = new();
    private StreamingConnection? _connection;
    private Task? _running;
    private int _current;
    private bool _disposed;

    /// <param name="logger">Told of every connection that was lost or could not be had.</param>
    /// <param name="random">Numbers from 0 to 1 that spread the waits; the system's when null.</param>
    public StreamingRpcClient(StreamingRpcClientOptions options, ILogger<StreamingRpcClient> logger, TimeProvider? time = null, Func<double>? random = null)
    {
        _endpoints = EndpointsOf(options);
        _options = options;
        _time = time ?? TimeProvider.System;
        _logger = logger;
        _backoff = new Backoff(options.BackoffBase, options.BackoffCap, random ?? Random.Shared.NextDouble);
    }

    public Uri NodeAddress
    {
        get
        {
            Uri[] endpoints = _endpoints;
            return endpoints[Volatile.Read(ref _current) % endpoints.Length]; // whichever was changed first
        }
    }

    /// <summary>Moves to other nodes at once; the limits stay. Readers are told as after any loss of a connection.</summary>
    /// <exception cref="ArgumentException">Not a ws or wss URL; nothing has changed.</exception>
    public void Use(StreamingRpcClientOptions options)
    {
        _endpoints = EndpointsOf(options);
        Volatile.Write(ref _current, 0);
        Interlocked.Exchange(ref _moved, new CancellationTokenSource()).Cancel();
    }

    public bool IsConnected
    {
        get { lock (_lock) return _connection is not null; }
    }

    public ISubscription<AccountInfo> SubscribeAccountInfo(PublicKey account, Commitment? commitment = null) =>
        Add("accountSubscribe", "accountUnsubscribe", WithSlot(Json.AccountInfoValue), writer =>
        {
            writer.WriteStringValue(account.Key);
            JsonRpcRequest.WriteAccountConfig(writer, commitment ?? _options.Commitment);
        });

    public ISubscription<AccountKeyPair> SubscribeProgram(PublicKey programId, IReadOnlyList<AccountFilter>? filters = null, Commitment? commitment = null) =>
        Add("programSubscribe", "programUnsubscribe", WithSlot(Json.KeyedAccountValue), writer =>
        {
            writer.WriteStringValue(programId.Key);
            JsonRpcRequest.WriteAccountConfig(writer, commitment ?? _options.Commitment, filters: filters);
        });

    public ISubscription<SignatureNotification> SubscribeSignature(string signature, Commitment? commitment = null) =>
        Add("signatureSubscribe", "signatureUnsubscribe", WithSlot(Json.SignatureNotificationValue), writer =>
        {
            writer.WriteStringValue(signature);
            JsonRpcRequest.WriteConfig(writer, commitment ?? _options.Commitment);
        }, oneShot: true);

    public ISubscription<SlotInfo> SubscribeSlotInfo() => Add("slotSubscribe", "slotUnsubscribe", ReadSlot, static _ => { });

    public async ValueTask DisposeAsync()
    {
        Task? running;
        Subscription[] left;
        lock (_lock)
        {
            if (_disposed) return;
            _disposed = true;
            running = _running;
            left = [.. _subscriptions];
            _subscriptions.Clear();
        }
        await _stopping.CancelAsync();
        if (running is not null) await running;
        foreach (Subscription subscription in left) subscription.Complete();
        _stopping.Dispose();
    }

    private static Uri[] EndpointsOf(StreamingRpcClientOptions options)
    {
        Uri[] endpoints = [options.Endpoint, .. options.Fallbacks];
        return endpoints.FirstOrDefault(endpoint => endpoint.Scheme is not ("ws" or "wss")) is { } other
            ? throw new ArgumentException($"'{other}' is not a ws or wss URL.", nameof(options))
            : endpoints;
    }

    private static Func<JsonElement, StreamEvent<T>> WithSlot<T>(JsonTypeInfo<ResponseValue<T>> type)
        where T : class => result =>
    {
        ResponseValue<T> value = result.Deserialize(type) ?? throw new JsonException("The notification is null.");
        return new StreamEvent<T>(StreamEventKind.Notification, value.Value ?? throw new JsonException("The notification has no value."), value.Context.Slot);
    };

    private static StreamEvent<SlotInfo> ReadSlot(JsonElement result)
    {
        SlotInfo slot = result.Deserialize(Json.SlotInfo) ?? throw new JsonException("The notification is null.");
        return new StreamEvent<SlotInfo>(StreamEventKind.Notification, slot, slot.Slot);
    }

    private Subscription<T> Add<T>(
        string method, string unsubscribeMethod, Func<JsonElement, StreamEvent<T>> read, Action<Utf8JsonWriter> writeParams, bool oneShot = false)
        where T : class
    {
        var subscription = new Subscription<T>(method, unsubscribeMethod, writeParams, read, _options.Capacity, Remove) { IsOneShot = oneShot };
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _subscriptions.Add(subscription);
            _connection?.Subscribe(subscription);
            _running ??= Task.Run(RunAsync);
        }
        return subscription;
    }

    private void Remove(Subscription subscription)
    {
        lock (_lock)
        {
            if (_subscriptions.Remove(subscription)) _connection?.Unsubscribe(subscription);
        }
    }

    private void Ended(Subscription subscription)
    {
        lock (_lock) _subscriptions.Remove(subscription);
    }

    private bool IsWanted(Subscription subscription)
    {
        lock (_lock) return _subscriptions.Contains(subscription);
    }

    private async Task RunAsync()
    {
        CancellationToken stopping = _stopping.Token;
        int round = 0;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (await ServeAsync(stopping)) round = 0;
                else Volatile.Write(ref _current, (_current + 1) % _endpoints.Length);
                TimeSpan pause = _backoff.Next(round++);
                await Task.Delay(pause, _time, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>One connection from opening to loss; whether it was of use.</summary>
    private async Task<bool> ServeAsync(CancellationToken stopping)
    {
        StreamingConnection? connection = null;
        CancellationToken moved = Volatile.Read(ref _moved).Token;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, moved);
        try
        {
            connection = new StreamingConnection(await ConnectAsync(either.Token), _options, _time, Ended);
            lock (_lock)
            {
                _connection = connection;
                foreach (Subscription subscription in _subscriptions) connection.Subscribe(subscription);
            }
            LogConnected(new EndpointName(NodeAddress));
            await connection.RunAsync(IsWanted, either.Token);
        }
        catch (OperationCanceledException) when (moved.IsCancellationRequested && !stopping.IsCancellationRequested)
        {
            return true; // other nodes are to be asked: the first of them at once
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or JsonException or TimeoutException or InvalidOperationException)
        {
            // Every loss is answered alike: wait, connect again, renew all and tell the readers.
            LogLost(new EndpointName(NodeAddress), exception.Message);
        }
        finally
        {
            lock (_lock) _connection = null;
            connection?.Dispose();
        }
        return connection?.WasUseful ?? false;
    }

    private async Task<ClientWebSocket> ConnectAsync(CancellationToken stopping)
    {
        var socket = new ClientWebSocket();
        using var limit = new CancellationTokenSource(_options.ConnectTimeout, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(stopping, limit.Token);
        try
        {
            await socket.ConnectAsync(NodeAddress, s_http, linked.Token);
            return socket;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !stopping.IsCancellationRequested)
        {
            socket.Dispose();
            throw new TimeoutException($"no connection within {_options.ConnectTimeout.TotalSeconds:0.#} s");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    [LoggerMessage(EventId = 2020, Level = LogLevel.Debug, Message = "Subscriptions at {Endpoint}: connected")]
    private partial void LogConnected(EndpointName endpoint);

    [LoggerMessage(EventId = 2021, Level = LogLevel.Warning, Message = "Subscriptions at {Endpoint}: {Reason}; reconnecting, polling goes on meanwhile")]
    private partial void LogLost(EndpointName endpoint, string reason);
}
