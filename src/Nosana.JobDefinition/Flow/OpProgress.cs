namespace Nosana.JobDefinition.Flow;

/// <summary>What the plan needs to know of an operation at one moment.</summary>
public enum OpProgress
{
    /// <summary>Not started yet.</summary>
    Waiting,

    /// <summary>Started, not ready yet (pulling, or its startup checks have not all passed).</summary>
    Started,

    /// <summary>Running, and all startup checks of its exposed ports passed; a volume that exists.</summary>
    Ready,

    /// <summary>Ended after it had been ready, or with success.</summary>
    Ended,

    /// <summary>Ended without ever having been ready, or never started at all (skipped, stopped before its start).</summary>
    EndedUnready,
}
