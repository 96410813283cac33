namespace Nosana.Node.Jobs.Admission;

/// <summary>What a job asks of the slot's GPUs.</summary>
/// <param name="VramTotalMb">MiB over all the slot's GPUs together; null or 0 asks nothing.</param>
/// <param name="RequiredVramGb">GB (1 GB = 1024 MiB) on one GPU; null or 0 asks nothing.</param>
/// <param name="RequiredCuda">Versions such as <c>12.8</c>, of which one suffices; empty asks nothing.</param>
/// <param name="NeedsGpu">An operation asks for a GPU.</param>
internal sealed record GpuRequirements(double? VramTotalMb, double? RequiredVramGb, IReadOnlyList<string> RequiredCuda, bool NeedsGpu)
{
    public static GpuRequirements None { get; } = new(null, null, [], false);
}
