namespace Nosana.Benchmarks.Containers;

/// <summary>One container's life as somebody saw it.</summary>
/// <param name="Start">What it took to have it run, from the image's presence on.</param>
/// <param name="EngineStart">The part of it in which the engine made the job's network, created the container and started it.</param>
/// <param name="ExitNoticed">From its end, as the engine dates it, to the moment when its end was known.</param>
/// <param name="ExitAnswered">From its end to the engine's answer to who waits for it.</param>
internal readonly record struct StartedContainer(TimeSpan Start, TimeSpan EngineStart, TimeSpan ExitNoticed, TimeSpan ExitAnswered)
{
    /// <summary>What it took beyond the engine's own time.</summary>
    public TimeSpan Added => Start - EngineStart;
}
