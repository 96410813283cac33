using Nosana.Node.Engine;
using Nosana.Node.Jobs.Ops;
using Nosana.Node.Jobs.State;

namespace Nosana.Node.Jobs.Hooks;

/// <summary>The job's own network exists. Operations of one job may make it at once.</summary>
internal sealed class JoinNetwork(JobNetworks networks) : IOpPrestart
{
    public string FailureEvent => OpError.Resource;

    public Task PrestartAsync(OpContext op, CancellationToken cancel) => networks.EnsureAsync(op.Job.NetworkName, op.Job.Labels(), cancel);
}
