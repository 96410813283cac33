namespace Nosana.Solana.Rpc.Http;

/// <summary>When a request may be sent again.</summary>
internal enum RetryMode
{
    /// <summary>After anything transient: reading, or an effect that can happen only once.</summary>
    Always,

    /// <summary>Only where the node certainly did not act on it: no connection, 429, a node that says it is behind.</summary>
    IfNotActedOn,

    /// <summary>Never: the first answer is the answer.</summary>
    Never,
}
