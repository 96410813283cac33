using Nosana.Node.Jobs.HostNames;
using Nosana.Node.Jobs.Ops;
using Nosana.Node.Jobs.State;
using Nosana.Node.Logs;

namespace Nosana.Node.Jobs;

/// <summary>Makes the runners of jobs, one for the whole agent.</summary>
internal sealed class JobRunnerFactory(
    JobContainers containers, OpRunnerFactory ops, LogStore logs, ExposureSettings exposure, TimeProvider time, ILogger<JobRunner> logger)
{
    /// <param name="request">The job.</param>
    /// <param name="control">Interrupts it.</param>
    /// <param name="journal">Keeps a state of the flow before anything follows from it.</param>
    public JobRunner Create(JobRequest request, JobControl control, Action<byte[]> journal)
    {
        var flow = new FlowRecord(request.Resume ?? FlowState.Of(request.Definition), journal);
        var job = new JobContext(request, flow, new PortHostNames(request, exposure.Domain));
        return new JobRunner(job, control, containers, ops, logs, time, logger);
    }
}
