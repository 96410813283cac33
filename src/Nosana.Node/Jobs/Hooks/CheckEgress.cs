using Nosana.Node.Engine.Egress;
using Nosana.Node.Jobs.Ops;
using Nosana.Node.Jobs.State;

namespace Nosana.Node.Jobs.Hooks;

/// <summary>
/// The operator reads in the job's log, once, when nothing keeps it from this machine's networks. It is not told to the poster: a stranger
/// need not hear which hosts are open.
/// </summary>
internal sealed partial class CheckEgress(EgressGuard guard, ILogger<CheckEgress> logger) : IOpPrestart
{
    public string FailureEvent => OpError.Operation;

    public Task PrestartAsync(OpContext op, CancellationToken cancel)
    {
        if (!op.Job.IsFirstLookAtEgress()) return Task.CompletedTask;
        EgressStatus status = guard.Read();
        if (status.Problem is { } problem) LogInactive(problem);
        else if (status.Loosened.Count > 0) LogLoosened(string.Join(", ", status.Loosened));
        return Task.CompletedTask;
    }

    [LoggerMessage(340, LogLevel.Warning, "{Problem}")]
    private partial void LogInactive(string problem);

    [LoggerMessage(341, LogLevel.Information, "By the operator's choice this job may reach {Ranges}")]
    private partial void LogLoosened(string ranges);
}
