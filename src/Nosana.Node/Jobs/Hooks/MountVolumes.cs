using Nosana.Node.Jobs.Ops;
using Nosana.Node.Jobs.State;

namespace Nosana.Node.Jobs.Hooks;

/// <summary>The job's named volumes exist and are its own, also those that no <c>create-volume</c> made.</summary>
internal sealed class MountVolumes(NamedVolumes volumes) : IOpPrestart
{
    public string FailureEvent => OpError.Resource;

    public async Task PrestartAsync(OpContext op, CancellationToken cancel)
    {
        foreach (JobDefinition.Model.VolumeMount volume in op.Args.Volumes) await volumes.EnsureAsync(op, volume.Name, cancel);
    }
}
