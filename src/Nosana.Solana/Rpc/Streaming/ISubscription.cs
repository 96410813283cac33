namespace Nosana.Solana.Rpc.Streaming;

/// <summary>A live subscription; disposing it unsubscribes. One reader.</summary>
public interface ISubscription<T> : IAsyncDisposable
    where T : class
{
    /// <summary>
    /// Events until the subscription or its client is disposed. Ends with <see cref="RpcException"/> when the node refuses the subscription.
    /// The first event is <see cref="StreamEventKind.Subscribed"/>.
    /// </summary>
    IAsyncEnumerable<StreamEvent<T>> ReadAllAsync(CancellationToken cancellationToken = default);
}
