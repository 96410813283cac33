using Nosana.Benchmarks.Containers;
using Nosana.Benchmarks.Engine;
using Nosana.Benchmarks.Figures;
using Nosana.Solana.Wallet;

namespace Nosana.Benchmarks.Agent;

/// <summary>
/// What a poster and an operator wait for, on an agent that is a process of its own: from a job's listing to the agent's first word of its run, with the
/// WebSocket and without; from a job's end on chain to the host's next place in the queue; from the operation's end to the run's while no result can be
/// pinned. Beside it a job's first container, from the image's presence to its start, against the engine's own create and start.
/// </summary>
internal static class MarketMeasurement
{
    /// <summary>Milliseconds.</summary>
    private const double PickedUpMedian = 100, PolledPercentile99 = 5_000, RequeuedMedian = 300, SettledUnpinned = 60_000;

    private const double FirstContainerRatio = 1.05;
    private const int WarmUp = 3, UnpinnedJobs = 3, LongestWait = 3_000;

    /// <summary>Where listings fall between two looks at the chain is chosen by this.</summary>
    private const int Seed = 20261130;

    private const string Line = "echo done";

    /// <param name="jobs">Of each kind, but for those that wait for pinning.</param>
    public static async Task<int> RunAsync(int jobs)
    {
        using var engine = new BenchEngine();
        await engine.PullImageAsync();
        var random = new Random(Seed);
        Samples pickedUp = new(), created = new(), started = new(), requeued = new(), polled = new(), unpinned = new(), first = new(), raw = new(), network = new();
        await using (BenchMarket market = await BenchMarket.StartAsync())
        using (var agent = new AgentProcess(market, engine))
        using (var events = new ContainerEvents(engine))
        {
            for (int number = -WarmUp; number < jobs; number++)
            {
                PublicKey job = await RunJobAsync();
                await agent.UntilAsync(() => market.Times.QueuedAt is not null, "the host is in the queue again");
                if (number < 0) continue;
                pickedUp.Add(Since(market.Times.Listed(job), agent.FirstLog(AgentProcess.NewRun, job)));
                created.Add(Since(market.Times.Listed(job), events.First("create", job)));
                started.Add(Since(market.Times.Listed(job), events.First("start", job)));
                requeued.Add(Since(market.Times.Ended(job)!.Value, market.Times.QueuedAt));
            }
            market.Faults.RefuseSockets = true;
            market.Faults.CloseSockets();
            for (int number = 0; number < jobs; number++)
            {
                PublicKey job = await RunJobAsync();
                polled.Add(Since(market.Times.Listed(job), agent.FirstLog(AgentProcess.NewRun, job)));
            }
            market.Faults.RefuseSockets = false;
            market.Faults.PinningDown = true;
            for (int number = 0; number < UnpinnedJobs; number++)
            {
                PublicKey job = await RunJobAsync();
                unpinned.Add(Since(events.First("die", job)!.Value, market.Times.Ended(job)));
            }

            async Task<PublicKey> RunJobAsync()
            {
                await agent.UntilAsync(() => market.Times.QueuedAt is not null, "the host is in the queue");
                await Task.Delay(random.Next(LongestWait));
                PublicKey job = await market.PostAsync(BenchEngine.Image, Line);
                await agent.UntilAsync(() => market.Times.Ended(job) is not null && events.First("die", job) is not null, $"job {job} ends");
                if (!market.Times.IsDone(job)) throw new InvalidOperationException($"Job {job} was given back.");
                return job;
            }
        }
        await using (var agent = new AgentJobs(engine))
        {
            var rawJobs = new RawJobs(engine);
            for (int round = -WarmUp; round < jobs; round++)
            {
                IReadOnlyList<StartedContainer> ours = [], theirs = [];
                TimeSpan made = default;
                for (int turn = 0; turn < 2; turn++)
                {
                    if ((round + turn) % 2 == 0) ours = await agent.RunAsync(Line);
                    else (made, theirs) = await rawJobs.RunAsync(Line);
                }
                if (round < 0) continue;
                first.Add(ours[0].Start.TotalMilliseconds);
                raw.Add(theirs[0].Start.TotalMilliseconds);
                network.Add(made.TotalMilliseconds);
            }
        }
        var table = new FigureTable($"market, {jobs} jobs of each kind", "raw", "compared");
        table.AtMost("a listed job is picked up, p50", pickedUp.Median, PickedUpMedian, "ms");
        table.Note("the same, p99", pickedUp.Percentile99, null, "ms");
        table.AtMost("without a WebSocket, p99", polled.Percentile99, PolledPercentile99, "ms");
        table.Note("the same, p50", polled.Median, null, "ms");
        table.Note("listed to its container created, p50", created.Median, null, "ms");
        table.Note("listed to its container started, p50", started.Median, null, "ms");
        table.AtMost("from finish to the queue, p50", requeued.Median, RequeuedMedian, "ms");
        table.Note("the same, p99", requeued.Percentile99, null, "ms");
        table.RatioAtMost("image present to a job's first container, p50", first.Median, raw.Median, FirstContainerRatio, "ms");
        table.Note("of which the engine makes the network, p50", network.Median, null, "ms");
        table.AtMost($"settled without pinning, {UnpinnedJobs} jobs, the longest", unpinned.Percentile99, SettledUnpinned, "ms");
        return table.Holds ? 0 : 1;
    }

    private static double Since(DateTimeOffset from, DateTimeOffset? to) => (to!.Value - from).TotalMilliseconds;
}
