using System.Diagnostics;
using System.Globalization;
using Nosana.Benchmarks.Agent;
using Nosana.Benchmarks.Engine;
using Nosana.Benchmarks.Figures;
using Nosana.Solana.Wallet;

namespace Nosana.Benchmarks.Streams;

/// <summary>
/// Owners who watch: twenty who follow ten thousand lines a second, a thousand who follow a job that computes, and what it costs to hear what containers use while
/// nobody asks. Those who watch run on the same machine and take their part of it.
/// </summary>
internal static class StreamMeasurement
{
    private const int Followers = 20, Bursts = 200, BurstLines = 1_000, Crowd = 1_000, Containers = 8;

    /// <summary>Of a core, a container.</summary>
    private const double StatisticsPercent = 0.5;

    private const double SlowedBy = 1.05;

    /// <summary>Until a crowd has come: the node takes fifty new ones a second.</summary>
    private const int Gathering = 40;

    private static readonly TimeSpan s_observed = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(int rounds)
    {
        using var engine = new BenchEngine();
        await engine.PullImageAsync();
        await using BenchMarket market = await BenchMarket.StartAsync();
        using var events = new ContainerEvents(engine);
        var table = new FigureTable("streams of the node's API", "nobody watches", "compared");
        using (var agent = new AgentProcess(market, engine))
        {
            await FanOutAsync(market, agent, events, table);
            if (rounds > 0) await CrowdAsync(market, agent, events, table, rounds);
            await StatisticsAsync(market, agent, events, table);
        }
        return table.Holds ? 0 : 1;
    }

    private static async Task FanOutAsync(BenchMarket market, AgentProcess agent, ContainerEvents events, FigureTable table)
    {
        string line = string.Create(CultureInfo.InvariantCulture,
            $"sleep 4; i=0; while [ $i -lt {Bursts} ]; do seq $((i*{BurstLines}+1)) $((i*{BurstLines}+{BurstLines})); i=$((i+1)); sleep 0.09; done; sleep 3");
        PublicKey job = await BeginAsync(market, agent, events, line);
        LogSubscriber[] followers = await Task.WhenAll(Enumerable.Range(0, Followers).Select(_ => LogSubscriber.ConnectAsync(agent.Api!, job.Key, market.OwnerHeader)));
        TimeSpan cpu = agent.Cpu();
        long began = Stopwatch.GetTimestamp();
        await Task.WhenAll(followers.Select(follower => follower.ReadAsync(Bursts * BurstLines)));
        TimeSpan took = Stopwatch.GetElapsedTime(began);
        double busy = (agent.Cpu() - cpu) / took;
        table.AtLeast("lines a second, each to 20 subscribers", Bursts * BurstLines / (took.TotalSeconds - 3), 9_000, "/s");
        table.Fact("lines lost or out of order, of 4,000,000", $"{followers.Sum(follower => (Bursts * BurstLines) - follower.Lines + follower.Disorder)}",
            followers.All(follower => follower is { Lines: Bursts * BurstLines, Disorder: 0 }));
        table.Note("cores of the agent meanwhile", busy, null, "");
        foreach (LogSubscriber follower in followers.Where(one => one.FirstGap is not null || one.Lines < Bursts * BurstLines))
            Console.WriteLine($"  {follower.Lines} lines, {follower.Disorder} gaps, the first after line {follower.FirstGap}");
        foreach (LogSubscriber follower in followers) follower.Dispose();
        await EndAsync(market, agent, job);
    }

    private static async Task CrowdAsync(BenchMarket market, AgentProcess agent, ContainerEvents events, FigureTable table, int rounds)
    {
        string line = string.Create(CultureInfo.InvariantCulture,
            $"sleep {Gathering}; i=0; while [ $i -lt 6000000 ]; do i=$((i+1)); [ $((i%60000)) = 0 ] && echo $i; done");
        Samples alone = new(), watched = new();
        for (int round = 0; round < rounds; round++)
        {
            foreach (bool isWatched in new[] { round % 2 == 0, round % 2 != 0 })
            {
                PublicKey job = await BeginAsync(market, agent, events, line);
                var crowd = new List<LogSubscriber>();
                Task reading = Task.CompletedTask;
                if (isWatched)
                {
                    for (int one = 0; one < Crowd; one++) crowd.Add(await LogSubscriber.ConnectAsync(agent.Api!, job.Key, market.OwnerHeader));
                    reading = Task.WhenAll(crowd.Select(subscriber => subscriber.ReadAsync(int.MaxValue)));
                }
                await EndAsync(market, agent, job);
                await reading;
                double seconds = (events.First("die", job)! - events.First("start", job)!).Value.TotalSeconds - Gathering;
                (isWatched ? watched : alone).Add(seconds);
                foreach (LogSubscriber subscriber in crowd) subscriber.Dispose();
                if (isWatched) table.Fact("subscribers who got all 100 lines, of 1,000", $"{crowd.Count(one => one.Lines == 100)}", crowd.All(one => one.Lines == 100));
            }
        }
        table.RatioAtMost("a job that computes, 1,000 watch", watched.Median, alone.Median, SlowedBy, "s");
    }

    private static async Task StatisticsAsync(BenchMarket market, AgentProcess agent, ContainerEvents events, FigureTable table)
    {
        await agent.UntilAsync(() => market.Times.QueuedAt is not null, "the host is in the queue");
        IEnumerable<string> ops = Enumerable.Range(0, Containers).Select(op =>
            $$$"""{"type":"container/run","id":"op{{{op}}}","args":{"image":"{{{BenchEngine.Image}}}","cmd":"sleep 300"},"execution":{"group":"g"} }""");
        PublicKey job = await market.PostDefinitionAsync($$"""{"version":"0.1","type":"container","ops":[{{string.Join(',', ops)}}]}""");
        await agent.UntilAsync(() => events.First("start", job) is not null, $"job {job} runs");
        await Task.Delay(TimeSpan.FromSeconds(10)); // all of them
        (TimeSpan agentBefore, TimeSpan engineBefore) = (agent.Cpu(), EngineCpu());
        await Task.Delay(s_observed);
        double ours = (agent.Cpu() - agentBefore) / s_observed, heard = (EngineCpu() - engineBefore) / s_observed;
        agent.Dispose(); // its containers go on, and nobody hears them
        await Task.Delay(TimeSpan.FromSeconds(2));
        engineBefore = EngineCpu();
        await Task.Delay(s_observed);
        double unheard = (EngineCpu() - engineBefore) / s_observed;
        table.AtMost("the agent with 8 containers, % of a core each", 100 * ours / Containers, StatisticsPercent, "%");
        table.AtMost("the engine for being heard, % of a core each", 100 * (heard - unheard) / Containers, StatisticsPercent, "%");
    }

    private static async Task<PublicKey> BeginAsync(BenchMarket market, AgentProcess agent, ContainerEvents events, string line)
    {
        await agent.UntilAsync(() => market.Times.QueuedAt is not null && agent.Api is not null, "the host is in the queue");
        PublicKey job = await market.PostAsync(BenchEngine.Image, line);
        await agent.UntilAsync(() => events.First("start", job) is not null, $"job {job} runs");
        return job;
    }

    private static Task EndAsync(BenchMarket market, AgentProcess agent, PublicKey job) =>
        agent.UntilAsync(() => market.Times.Ended(job) is not null, $"job {job} ends");

    private static TimeSpan EngineCpu() => new(Process.GetProcessesByName("dockerd").Sum(process => process.TotalProcessorTime.Ticks));
}
