using System.Diagnostics;
using System.Globalization;
using Docker.DotNet.Models;
using Nosana.Benchmarks.Engine;
using Nosana.Benchmarks.Figures;
using Nosana.Solana.Wallet;

namespace Nosana.Benchmarks.Agent;

/// <summary>
/// Many short jobs, one after the other, on one agent: what it holds once it waits in the queue again, after every hundredth, and what it has left on
/// the engine. What the first hundred leave is the measure: by then everything was needed once.
/// </summary>
internal static class SoakMeasurement
{
    private const int BetweenSamples = 100, Readings = 5;
    private const double AllowedGrowthPercent = 5;

    /// <summary>Connections that are kept open for a while, and threads of the pool, come and go.</summary>
    private const int Slack = 4;

    private static readonly TimeSpan UntilIdle = TimeSpan.FromSeconds(5), BetweenReadings = TimeSpan.FromSeconds(1);

    /// <param name="jobs">How many; of fewer than 400 a quarter takes the place of the hundred.</param>
    public static async Task<int> RunAsync(int jobs)
    {
        using var engine = new BenchEngine();
        await engine.PullImageAsync();
        EngineObjects before = await CountAsync(engine);
        await using BenchMarket market = await BenchMarket.StartAsync();
        using var agent = new AgentProcess(market, engine);
        int step = Math.Clamp(jobs / 4, 1, BetweenSamples), done = 0;
        var samples = new List<Sample>();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nsoak, {jobs} jobs\n{"jobs",6}{"RSS MiB",10}{"fds",6}{"threads",9}{"files",7}{"of logs",9}{"journal KiB",13}{"s a job",9}"));
        await SampleAsync(0, default);
        long began = Stopwatch.GetTimestamp();
        for (int number = 1; number <= jobs; number++)
        {
            await agent.UntilAsync(() => market.Times.QueuedAt is not null, "the host is in the queue");
            PublicKey job = await market.PostAsync(BenchEngine.Image, $"echo job {number}");
            await agent.UntilAsync(() => market.Times.Ended(job) is not null, $"job {job} ends");
            if (market.Times.IsDone(job)) done++;
            if (number % step != 0) continue;
            TimeSpan each = Stopwatch.GetElapsedTime(began) / step;
            await SampleAsync(number, each);
            began = Stopwatch.GetTimestamp();
        }
        EngineObjects after = await CountAsync(engine);

        async Task SampleAsync(int number, TimeSpan each)
        {
            await agent.UntilAsync(() => market.Times.QueuedAt is not null, "the host is in the queue");
            await Task.Delay(UntilIdle);
            Sample sample = await Sample.TakeAsync(agent, market.StateDirectory);
            samples.Add(sample);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{number,6}{sample.Resident,10:F1}{sample.Descriptors,6}{sample.Threads,9}{sample.Files,7}{sample.LogFiles,9}{sample.JournalBytes / 1024,13}{each.TotalSeconds,9:F2}"));
        }

        Sample first = samples[1], last = samples[^1];
        var table = new FigureTable($"soak, from the {step}th job to the {jobs}th", $"after {step}", "difference");
        table.AtMost("growth of the resident memory", 100 * (last.Resident - first.Resident) / first.Resident, AllowedGrowthPercent, "%");
        table.Added("open descriptors", last.Descriptors, first.Descriptors, Slack, "");
        table.Added("threads", last.Threads, first.Threads, Slack, "");
        table.Added("files of the state directory but the jobs' output", last.Files - last.LogFiles, first.Files - first.LogFiles, 0, "");
        table.Note("journal with its write-ahead log", last.JournalBytes / 1024.0, first.JournalBytes / 1024.0, "KiB");
        table.Fact("jobs that ended with a result", $"{done} of {jobs}", done == jobs);
        table.Fact("containers, networks and volumes left", $"{after - before}", after == before);
        return table.Holds ? 0 : 1;
    }

    /// <summary>All there are: the engine is this measurement's alone, and what has lost its label is left behind, too.</summary>
    private static async Task<EngineObjects> CountAsync(BenchEngine engine) => new(
        (await engine.Client.ListContainersAsync(new ContainersListParameters { All = true })).Count,
        (await engine.Client.ListNetworksAsync(new NetworksListParameters())).Count,
        (await engine.Client.ListVolumesAsync(new VolumesListParameters())).Count);

    private readonly record struct EngineObjects(int Containers, int Networks, int Volumes)
    {
        public static EngineObjects operator -(EngineObjects left, EngineObjects right) =>
            new(left.Containers - right.Containers, left.Networks - right.Networks, left.Volumes - right.Volumes);

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Containers}, {Networks}, {Volumes}");
    }

    /// <param name="Resident">MiB, the median of some readings.</param>
    /// <param name="Files">In the state directory.</param>
    /// <param name="LogFiles">Those of them that hold the output of jobs, which is kept to a budget of bytes.</param>
    private sealed record Sample(double Resident, int Descriptors, int Threads, int Files, int LogFiles, long JournalBytes)
    {
        public static async Task<Sample> TakeAsync(AgentProcess agent, string state)
        {
            Samples resident = new(), descriptors = new(), threads = new();
            for (int reading = 0; reading < Readings; reading++)
            {
                if (reading > 0) await Task.Delay(BetweenReadings);
                resident.Add(agent.ResidentMebibytes());
                descriptors.Add(agent.Descriptors());
                threads.Add(agent.Threads());
            }
            FileInfo[] files = [.. new DirectoryInfo(state).EnumerateFiles("*", SearchOption.AllDirectories)];
            string logs = Path.Combine(state, "logs") + Path.DirectorySeparatorChar;
            return new Sample(
                resident.Median, (int)descriptors.Median, (int)threads.Median, files.Length,
                files.Count(file => file.FullName.StartsWith(logs, StringComparison.Ordinal)),
                files.Where(file => file.Name.StartsWith("journal.db", StringComparison.Ordinal)).Sum(file => file.Length));
        }
    }
}
