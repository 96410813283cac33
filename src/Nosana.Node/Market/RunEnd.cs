namespace Nosana.Node.Market;

internal enum RunVerdict
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
internal sealed record RunEnd(RunVerdict Verdict, RefusalCause Cause = RefusalCause.Job, string Reason = "")
{
    public static readonly RunEnd Served = new(RunVerdict.Served);
    public static readonly RunEnd Ignored = new(RunVerdict.Ignored);
    public static readonly RunEnd Settled = new(RunVerdict.Settled);

    /// <param name="journaled">The journal's form: <c>CAUSE:REASON</c>.</param>
    public static RunEnd RefusedFor(string journaled)
    {
        int colon = journaled.IndexOf(':', StringComparison.Ordinal);
        return new RunEnd(RunVerdict.Refused, Enum.Parse<RefusalCause>(journaled[..colon]), journaled[(colon + 1)..]);
    }
}
