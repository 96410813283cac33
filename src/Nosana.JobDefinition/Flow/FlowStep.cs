namespace Nosana.JobDefinition.Flow;

/// <summary>What is to be done now.</summary>
/// <param name="GroupIndex">The group that is running; the number of groups when the flow is over.</param>
/// <param name="Start">Operations to start, all at once.</param>
/// <param name="Stop">Operations to stop because one they depend on ended; those not started yet are never to be started.</param>
/// <param name="Skip">Operations that can never start, because one they depend on ended without having been ready.</param>
/// <param name="IsOver">Every group is through.</param>
public sealed record FlowStep(
    int GroupIndex,
    IReadOnlyList<int> Start,
    IReadOnlyList<int> Stop,
    IReadOnlyList<int> Skip,
    bool IsOver);
