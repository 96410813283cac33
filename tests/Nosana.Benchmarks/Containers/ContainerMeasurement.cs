using Nosana.Benchmarks.Engine;
using Nosana.Benchmarks.Figures;

namespace Nosana.Benchmarks.Containers;

/// <summary>
/// What the agent adds to the engine's own time: from the image's presence to the container's start, and from the container's end to the
/// moment when the agent knows. The engine's part of a start is measured in the same start, so that a busy machine, on which no two starts
/// take the same time, does not hide ours; raw jobs take turns with the agent's and show whether that part is what a raw start takes.
/// </summary>
internal static class ContainerMeasurement
{
    private const double AddedMedian = 30, AddedPercentile99 = 100, ExitNoticed = 50, FirstOverRaw = 1.05;
    private const int WarmUp = 3;

    /// <summary>Long enough that whoever waits for its end waits already.</summary>
    private const string Command = "sleep 0.3";

    /// <param name="rounds">Jobs of each side.</param>
    public static async Task<int> RunAsync(int rounds)
    {
        using var engine = new BenchEngine();
        await engine.PullImageAsync();
        await using var agent = new AgentJobs(engine);
        var rawJobs = new RawJobs(engine);
        Samples added = new(), first = new(), next = new(), raw = new(), firstOfJob = new(), rawFirstOfJob = new(), network = new(), exit = new(), rawExit = new(), after = new();
        for (int round = -WarmUp; round < rounds; round++)
        {
            IReadOnlyList<StartedContainer> ours = [], theirs = [];
            TimeSpan made = default;
            for (int turn = 0; turn < 2; turn++)
            {
                if ((round + turn) % 2 == 0) ours = await agent.RunAsync(Command);
                else (made, theirs) = await rawJobs.RunAsync(Command);
            }
            if (round < 0) continue;
            network.Add(made.TotalMilliseconds);
            added.Add(ours[1].Added.TotalMilliseconds);
            first.Add(ours[0].Added.TotalMilliseconds);
            next.Add(ours[1].Start.TotalMilliseconds);
            raw.Add(theirs[1].Start.TotalMilliseconds);
            firstOfJob.Add(ours[0].Start.TotalMilliseconds);
            rawFirstOfJob.Add(theirs[0].Start.TotalMilliseconds);
            foreach (StartedContainer container in ours)
            {
                exit.Add(container.ExitNoticed.TotalMilliseconds);
                after.Add((container.ExitNoticed - container.ExitAnswered).TotalMilliseconds);
            }
            foreach (StartedContainer container in theirs) rawExit.Add(container.ExitNoticed.TotalMilliseconds);
        }
        var table = new FigureTable($"containers, {rounds} jobs each", "raw", "difference");
        table.AtMost("added to the engine's create and start, p50", added.Median, AddedMedian, "ms");
        table.AtMost("added to the engine's create and start, p99", added.Percentile99, AddedPercentile99, "ms");
        table.AtMost("added by a job's first operation, p50", first.Median, AddedMedian, "ms");
        table.AtMost("added by a job's first operation, p99", first.Percentile99, AddedPercentile99, "ms");
        table.Note("image present to started, p50", next.Median, raw.Median, "ms");
        table.RatioAtMost("the same of a job's first, p50", firstOfJob.Median, rawFirstOfJob.Median, FirstOverRaw, "ms");
        table.Note("its network, made while the slot waits, p50", network.Median, null, "ms");
        table.AtMost("exit noticed after the engine's answer, p50", after.Median, ExitNoticed, "ms");
        table.Note("exit noticed after the container's end, p50", exit.Median, rawExit.Median, "ms");
        table.Note("exit noticed after the container's end, p99", exit.Percentile99, rawExit.Percentile99, "ms");
        return table.Holds ? 0 : 1;
    }
}
