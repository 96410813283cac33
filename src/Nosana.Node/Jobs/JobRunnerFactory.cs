using Nosana.Node.Jobs.HostNames;
using Nosana.Node.Jobs.Ops;
using Nosana.Node.Jobs.State;
using Nosana.Node.Journal;
using Nosana.Node.Logs;

namespace Nosana.Node.Jobs;

/// <summary>Makes the runners of jobs, one for the whole agent.</summary>
internal sealed class JobRunnerFactory(
    JobContainers containers, OpRunnerFactory ops, LogStore logs, JobResults results, RunningJobs jobs, ExposureSettings exposure,
    TimeProvider time, ILogger<JobRunner> logger)
{
    /// <param name="request">The job.</param>
    /// <param name="control">Interrupts it.</param>
    /// <param name="journal">Keeps the changed parts of the flow before anything follows from them.</param>
    public JobRunner Create(JobRequest request, JobControl control, Action<IReadOnlyCollection<FlowPart>> journal)
    {
        var flow = new FlowRecord(request.Resume ?? FlowState.Of(request.Definition), journal);
        var job = new JobContext(request, flow, new PortHostNames(request, exposure.Domain));
        return new JobRunner(job, control, containers, ops, logs, results, jobs, time, logger);
    }
}
