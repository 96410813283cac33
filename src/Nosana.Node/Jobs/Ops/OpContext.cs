using Nosana.JobDefinition.Model;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Logs;

namespace Nosana.Node.Jobs.Ops;

/// <summary>What the hooks of one operation share while it runs.</summary>
internal sealed class OpContext(JobContext job, Operation operation, OpLog log, FoundContainer? adopted) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private StopReason? _stopReason;
    private Task? _restarting;

    public JobContext Job { get; } = job;

    public Operation Operation { get; } = operation;

    public int Index => Operation.Index;

    public OpLog Log { get; } = log;

    /// <summary>The container that went on while the agent was away; null when one has to be made.</summary>
    public FoundContainer? Adopted { get; } = adopted;

    /// <summary>Name of the container, which resolves in the job's network.</summary>
    public string ContainerName => Job.ContainerName(Index);

    /// <summary>Resolved arguments; set before the first hook of a <c>container/run</c>.</summary>
    public ContainerRunArgs Args { get; set; } = null!;

    /// <summary>Resolved arguments of a <c>container/create-volume</c>.</summary>
    public CreateVolumeArgs VolumeArgs { get; set; } = null!;

    /// <summary>Volumes of the remote resources; set by the hook that fetches them.</summary>
    public IReadOnlyList<Engine.Containers.VolumeMount> ResourceMounts { get; set; } = [];

    /// <summary>The engine's id of the image, whatever its name means by now; set by the hook that brings it.</summary>
    public string? ImageId { get; set; }

    public string? ContainerId { get; set; }

    /// <summary>When its container began to run; null until it does.</summary>
    public DateTimeOffset? RunningSince { get; set; }

    /// <summary>The newest restart of the container in place, from before the engine is asked for it; ends without a fault. Null without one.</summary>
    public Task? Restarting
    {
        get => Volatile.Read(ref _restarting);
        set => Volatile.Write(ref _restarting, value);
    }

    /// <summary>The container runs anew, after a restart in place; set by whoever has to begin anew with it.</summary>
    public Action Restarted { get; set; } = static () => { };

    /// <summary>Says what the container is waiting for, and how far that is: told where it never comes. Set by whoever takes the time.</summary>
    public Func<string> Preparing { get; set; } = static () => "nothing of it had begun";

    /// <summary>Cancelled when this operation is to end.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>What a person is told of the stop beside its reason; set before <see cref="RequestStop"/>.</summary>
    public string? StopDetail { get; set; }

    /// <summary>Null while the operation may run.</summary>
    public StopReason? StopReason => Volatile.Read(ref _stopReason);

    /// <summary>Completes once the operation is ready for those that depend on it.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Completes once the container has ended, however.</summary>
    public Task Exited => _exited.Task;

    public void MarkExited() => _exited.TrySetResult();

    public void MarkReady() => _ready.TrySetResult();

    /// <summary>The first reason wins.</summary>
    public void RequestStop(StopReason reason)
    {
        if (Interlocked.CompareExchange(ref _stopReason, reason, null) is not null) return;
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // A timer that fired while the operation ended: there is nothing left to stop.
        }
    }

    public void Dispose() => _stop.Dispose();
}
