namespace Nosana.JobDefinition.Flow;

/// <summary>What is to be done now.</summary>
/// <param name="GroupIndex">The group that is running; the number of groups when the flow is over.</param>
/// <param name="Start">Operations to start, all at once.</param>
/// <param name="Stop">Operations to stop because one that they serve ended; those not started yet are never to be started.</param>
/// <param name="Skip">Operations that can never start, because one they depend on ended without having been ready.</param>
/// <param name="IsOver">Every group is through.</param>
public sealed record FlowStep(
    int GroupIndex,
    IReadOnlyList<int> Start,
    IReadOnlyList<int> Stop,
    IReadOnlyList<int> Skip,
    bool IsOver);

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
