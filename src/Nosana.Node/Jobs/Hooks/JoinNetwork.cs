using Nosana.Node.Engine;
using Nosana.Node.Jobs.Ops;
using Nosana.Node.Jobs.State;

namespace Nosana.Node.Jobs.Hooks;

/// <summary>The job's network is there.</summary>
internal sealed class JoinNetwork(JobNetworks networks) : IOpPrestart
{
    public string FailureEvent => OpError.Resource;

    public async Task PrestartAsync(OpContext op, CancellationToken cancel) =>
        op.Job.Network = await networks.JoinAsync(op.Job.Labels(), op.Job.Network, cancel);
}
