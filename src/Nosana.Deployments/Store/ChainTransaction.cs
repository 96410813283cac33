namespace Nosana.Deployments.Store;

/// <summary>A signed transaction. It is written down before it is sent: whether it landed can then be asked for after any crash.</summary>
public sealed record ChainTransaction
{
    /// <summary>Base58; unique.</summary>
    public required string Signature { get; init; }

    public required string Deployment { get; init; }

    /// <summary>The vault that pays, and signs.</summary>
    public required string Vault { get; init; }

    /// <summary>As it is sent, so that it can be sent again byte for byte; null once it cannot land any more, or has.</summary>
    public byte[]? Blob { get; init; }

    /// <summary>After this block it can land no more.</summary>
    public required ulong LastValidBlockHeight { get; init; }

    public TransactionState State { get; init; }

    public string? Error { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>What is known of it.</summary>
public enum TransactionState
{
    Signed,
    Sent,
    Confirmed,

    /// <summary>The chain refused it.</summary>
    Failed,

    /// <summary>It did not land while it could.</summary>
    Expired,
}
