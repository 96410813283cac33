namespace Nosana.Node.Market;

internal enum RunOutcomeKind
{
    /// <summary>Finished or completed on chain, whatever its flow's status.</summary>
    Served,

    /// <summary>Given back.</summary>
    Refused,

    /// <summary>Nothing can be done with it.</summary>
    Ignored,

    /// <summary>It was settled already, and the node that was asked does not know it yet.</summary>
    Settled,
}

/// <summary>What became of a run.</summary>
internal sealed record RunOutcome(RunOutcomeKind Kind, RefusalCause Cause = RefusalCause.Job, string Reason = "")
{
    public static readonly RunOutcome Served = new(RunOutcomeKind.Served);
    public static readonly RunOutcome Ignored = new(RunOutcomeKind.Ignored);
    public static readonly RunOutcome Settled = new(RunOutcomeKind.Settled);

    /// <param name="journaled">The journal's form: <c>CAUSE:REASON</c>.</param>
    public static RunOutcome RefusedFor(string journaled)
    {
        int colon = journaled.IndexOf(':', StringComparison.Ordinal);
        return new RunOutcome(RunOutcomeKind.Refused, Enum.Parse<RefusalCause>(journaled[..colon]), journaled[(colon + 1)..]);
    }
}
