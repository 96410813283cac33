using Nosana.JobDefinition.Placeholders;
using Nosana.Node.Jobs.State;

namespace Nosana.Node.Jobs.Ops;

/// <summary><c>container/create-volume</c>: ready as soon as the volume exists; removed with everything of the job.</summary>
internal sealed class VolumeDriver(NamedVolumes volumes) : IOpDriver
{
    public string FailureEvent => OpError.Resource;

    public void Resolve(OpContext op) => op.VolumeArgs = PlaceholderResolver.ResolveCreateVolume(op.Operation, op.Job.Scope());

    public Task StartAsync(OpContext op, CancellationToken cancel) => volumes.EnsureAsync(op, op.VolumeArgs.Name, cancel);

    public Task<OpExit> WaitAsync(OpContext op, CancellationToken cancel)
    {
        op.MarkReady();
        return Task.FromResult(new OpExit(ExitCode: 0));
    }

    public Task<OpExit> StopAsync(OpContext op) => Task.FromResult(new OpExit(ExitCode: 0));

    public Task RemoveAsync(OpContext op) => Task.CompletedTask;
}
