namespace Nosana.Solana.Rpc.Streaming;

/// <summary>
/// What a subscription tells its reader. After all but <see cref="Notification"/> the reader takes a fresh snapshot, since changes may have been missed.
/// </summary>
public enum StreamEventKind
{
    /// <summary>The node has accepted the subscription for the first time.</summary>
    Subscribed,

    /// <summary>The connection was lost and the subscription renewed.</summary>
    Reconnected,

    /// <summary>The reader was too slow; older notifications were dropped.</summary>
    Overflow,

    /// <summary>A value from the node.</summary>
    Notification,
}
