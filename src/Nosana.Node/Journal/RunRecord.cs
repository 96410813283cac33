namespace Nosana.Node.Journal;

/// <summary>One run as the journal knows it. Addresses are base58 text; times are Unix milliseconds.</summary>
internal sealed record RunRecord
{
    /// <summary>Address of the run account; for a local run the flow id.</summary>
    public required string Run { get; init; }

    /// <summary>Address of the job account; for a local run the flow id.</summary>
    public required string Job { get; init; }

    public required string Market { get; init; }

    public RunPhase Phase { get; init; }

    /// <summary>Why the run ended, in the words of the flow (<c>completed</c>, <c>expired</c>, <c>stopped</c>) or the reason of a refusal.</summary>
    public string? Reason { get; init; }

    /// <summary>CID of the result that is or will be on chain.</summary>
    public string? ResultCid { get; init; }

    /// <summary>What is to be done for the result once the run is closed.</summary>
    public ResultDebt Debt { get; init; }

    public long ClaimedAt { get; init; }

    public long UpdatedAt { get; init; }
}
