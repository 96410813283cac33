using System.Diagnostics;
using Nosana.Benchmarks.Engine;
using Nosana.Docker;
using Nosana.Node.Jobs.Hooks;
using Nosana.Node.Jobs.Ops;
using Nosana.Node.Jobs.State;

namespace Nosana.Benchmarks.Containers;

/// <summary>Notes when an operation came by: put behind the hook that sees to the image, before all others.</summary>
internal sealed class OpMarks(CallClock clock) : IOpPrestart, IOpPoststart, IOpExited
{
    private long _imagePresent;
    private long _started;

    public string FailureEvent => OpError.Operation;

    /// <summary>From the image's presence to the container's start, journaled.</summary>
    public TimeSpan Start => Stopwatch.GetElapsedTime(_imagePresent, _started);

    /// <summary>The engine's part of it.</summary>
    public TimeSpan EngineStart { get; private set; }

    /// <summary>When the end of the container was known here.</summary>
    public DateTimeOffset NoticedExit { get; private set; }

    public Task PrestartAsync(OpContext op, CancellationToken cancel)
    {
        clock.Reset();
        _imagePresent = Stopwatch.GetTimestamp();
        return Task.CompletedTask;
    }

    public Task PoststartAsync(OpContext op, CancellationToken cancel)
    {
        _started = Stopwatch.GetTimestamp();
        EngineStart = clock.Sum(nameof(IEngineClient.CreateNetworkAsync), nameof(IEngineClient.CreateContainerAsync), nameof(IEngineClient.StartContainerAsync));
        return Task.CompletedTask;
    }

    public Task ExitedAsync(OpContext op)
    {
        NoticedExit = DateTimeOffset.UtcNow;
        return Task.CompletedTask;
    }
}
