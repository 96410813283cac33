using Nosana.Solana.Rpc.Models;

namespace Nosana.Solana.Rpc.Sending;

/// <summary>How transactions are built, sent and followed.</summary>
public sealed record TransactionSenderOptions
{
    public MessageVersion Version { get; init; } = MessageVersion.Legacy;

    /// <summary>How settled is settled.</summary>
    public Commitment Commitment { get; init; } = Commitment.Confirmed;

    /// <summary>Null sends without compute-budget instructions.</summary>
    public ComputeBudgetOptions? ComputeBudget { get; init; } = new();

    /// <summary>How long a blockhash is used for new transactions; it is valid for about a minute.</summary>
    public TimeSpan BlockhashMaxAge { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The same bytes go out again this often, since nodes drop transactions when they are busy.</summary>
    public TimeSpan ResendInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Between looks at the status at first: most land within two seconds, and a host waits for it.</summary>
    public TimeSpan FastPollInterval { get; init; } = TimeSpan.FromMilliseconds(300);

    public TimeSpan FastPollFor { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Between looks at the status later.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The slot before which no simulation is made: a node that is behind would refuse a transaction for what has been mended since. Null asks for none.
    /// </summary>
    public Func<ulong?>? MinContextSlot { get; init; }

    /// <summary>How long no node may answer before the caller is told that the outcome is unknown.</summary>
    public TimeSpan MaxUnreachable { get; init; } = TimeSpan.FromMinutes(10);
}
