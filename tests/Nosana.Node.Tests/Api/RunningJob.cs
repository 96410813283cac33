using Nosana.Node.Jobs;
using Nosana.Node.Tests.Support;

namespace Nosana.Node.Tests.Api;

/// <summary>A job that runs beside the API, until it is disposed.</summary>
internal sealed class RunningJob : IAsyncDisposable
{
    private readonly ApiBench _bench;
    private readonly IDisposable _held;

    private RunningJob(ApiBench bench, Task<JobOutcome> run, IDisposable held) => (_bench, Run, _held) = (bench, run, held);

    public Task<JobOutcome> Run { get; }

    /// <summary>Starts it, and waits until everything of its first group that can run does.</summary>
    /// <param name="ops">In JSON; each is a service that runs until it is stopped.</param>
    /// <param name="keepPrograms">The test has said what they do.</param>
    public static async Task<RunningJob> StartAsync(ApiBench bench, string ops, bool keepPrograms = false, string more = "")
    {
        JobRunner runner = bench.Jobs.Runner(ops, more: more);
        foreach (string id in runner.Job.Request.Definition.Ops.Select(op => op.Id))
            if (!keepPrograms || !bench.Jobs.Engine.Programs.ContainsKey(id)) bench.Jobs.Engine.Programs[id] = FakeProgram.Service();
        IDisposable held = bench.Jobs.Running.Hold(bench.JobAddress, bench.Jobs.Control);
        Task<JobOutcome> run = runner.RunAsync();
        foreach (int op in runner.Job.Request.Plan.Groups[0].Ops) await bench.Jobs.Engine.RunningAsync(runner.Job.Request.Definition.Ops[op].Id);
        while (runner.Progress().Ops.All(op => op.Word != "running")) await Task.Yield();
        return new RunningJob(bench, run, held);
    }

    public async ValueTask DisposeAsync()
    {
        if (!Run.IsCompleted) _bench.Jobs.Control.Stop(StopReason.Stopped);
        await Run;
        _held.Dispose();
    }
}
