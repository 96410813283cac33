using Nosana.Node.Api.Authorization;
using Nosana.Node.Chain;
using Nosana.Node.Jobs;
using Nosana.Node.Jobs.State;

namespace Nosana.Node.Api.Streaming;

/// <summary>What the node does with a job, in the official host's names of states: <c>/status</c>, for the job's owner and for the node itself.</summary>
internal sealed class StatusRoute(
    OwnerAuthorization authorization, RunningJobs jobs, JobViews views, StreamLimits limits, HostWallet host, TimeProvider time) : ISocketRoute
{
    private long _index;

    public string Path => "/status";

    public async Task ServeAsync(ApiSocket socket, SocketFrame frame, CancellationToken cancel)
    {
        string job = await frame.OfOwnerAsync(authorization, takesHost: true, cancel);
        using IDisposable? seat = limits.TryEnter(job);
        if (seat is null) throw new SocketRefusedException(SocketRefusedException.TryAgainLater, "Too many watch this job. Ask again later.");
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task follow = FollowAsync(socket, job, over.Token);
        try
        {
            await await Task.WhenAny(socket.Closed, follow);
        }
        finally
        {
            await over.CancelAsync();
            await follow.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FollowAsync(ApiSocket socket, string job, CancellationToken cancel)
    {
        string? said = null;
        while (true)
        {
            string state = StateOf(job);
            if (state != said)
                await socket.SendTextAsync(
                    LogFrames.State(state, host.Address.Key, job, time.GetUtcNow().ToUnixTimeMilliseconds(), Interlocked.Increment(ref _index)), cancel);
            said = state;
            if (!jobs.Has(job)) return;
            await Task.Delay(InfoStream.Interval, time, cancel);
        }
    }

    private string StateOf(string job)
    {
        if (jobs.TryFind(job, out JobRunner? runner))
        {
            IReadOnlyList<OpStanding> ops = runner.Progress().Ops;
            return ops.Any(op => op.Word == "running") ? "running-container-success"
                : ops.Any(op => op.Word == "starting") ? "running-container"
                : "job-starting-success";
        }
        if (!jobs.Has(job)) return "job-finishing-success";
        return (string?)views.Find(job)?.State["status"] switch
        {
            FlowStatus.WaitingForJobDefinition => "awaiting-job-definition",
            FlowStatus.WaitingForResult => "awaiting-result-send",
            null => "job-starting",
            _ => "job-finishing",
        };
    }
}
