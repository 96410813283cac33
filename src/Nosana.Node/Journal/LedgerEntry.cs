namespace Nosana.Node.Journal;

/// <summary>
/// What a run brought and cost. Money is in base units: NOS in micro-NOS, SOL in lamports. What is null is not known yet: a row is opened with the end of
/// its run, in the same write, and filled from the chain.
/// </summary>
internal sealed record LedgerEntry
{
    /// <summary>As it was settled; the chain has not been asked.</summary>
    public const string Open = "open";

    /// <summary>What the job's account says was earned; no transaction has shown it yet.</summary>
    public const string Recorded = "recorded";

    /// <summary>The transactions brought what was earned.</summary>
    public const string Confirmed = "confirmed";

    /// <summary>They brought another amount.</summary>
    public const string Differs = "differs";

    /// <summary>No node knows a transaction that brought it.</summary>
    public const string Missing = "missing";

    public required string Run { get; init; }

    public required string Job { get; init; }

    public required string Market { get; init; }

    /// <summary>One of the words above.</summary>
    public string State { get; init; } = Open;

    /// <summary><c>finished</c>, <c>completed</c> (its poster ended it), <c>quit</c> (given back), <c>closed</c> (by somebody else).</summary>
    public string? Outcome { get; init; }

    /// <summary>Micro-NOS a second.</summary>
    public long? Price { get; init; }

    /// <summary>That were paid for.</summary>
    public long? Seconds { get; init; }

    /// <summary>Price times seconds, as the program reckons it.</summary>
    public long? Earned { get; init; }

    /// <summary>What the host's token account got in the run's transactions.</summary>
    public long? Received { get; init; }

    /// <summary>Of the transactions that this host sent for the run.</summary>
    public long? Fees { get; init; }

    public long? RentPaid { get; init; }

    public long? RentReturned { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public long EndedAt { get; init; }

    /// <summary>When the chain was last asked, Unix milliseconds.</summary>
    public long? CheckedAt { get; init; }
}

/// <summary>A transaction of a run.</summary>
/// <param name="Kind"><c>work</c>, <c>finish</c>, <c>complete</c>, <c>quit</c>; <c>other</c> for one of somebody else's.</param>
[method: Dapper.ExplicitConstructor]
internal sealed record LedgerTransaction(string Signature, string Run, string Kind);
