using System.Text.Json.Nodes;
using Docker.DotNet.Models;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;

namespace Nosana.EndToEnd.Tests.Faults;

/// <summary>A host whose engine goes away: it stays, its job ends as the engine says, and it serves the next one.</summary>
public sealed class EngineAwayTests(RestartableEngine engine) : IClassFixture<RestartableEngine>
{
    /// <summary>Seconds; this machine may be busy with other tests.</summary>
    private const int Slack = 10;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_EngineIsKilledUnderAJob_TheJobIsPaidAndTheNextOneServed()
    {
        await engine.UseAsync();
        await using MarketHost host = await OpenAsync();
        ulong before = host.Network.HostNos;
        PublicKey job = await host.Network.PostAsync(Definitions.Shell("trap 'echo bye; exit 3' TERM; echo begun; while :; do sleep 0.1; done"));
        string container = await host.RunningContainerAsync(job);
        await host.Process.LineAsync($"Container {container[..12]} started");

        await engine.StopAsync("KILL");
        await host.Process.LineAsync("The engine went away");
        await engine.StartAsync();
        (JobAccount account, JsonNode result) = await host.CompletedAsync(job);

        JsonNode op = Definitions.Op(result);
        Assert.Equal(("failed", 3), (Definitions.StatusOf(result), op["exitCode"]!.GetValue<int>()));
        Assert.Equal(["begun", "bye"], Definitions.LinesOf(op));
        host.Network.AssertPaidOnce(account, before);
        Assert.Empty(await host.ContainersAsync(job));
        (_, JsonNode next) = await host.CompletedAsync(await host.Network.PostAsync(Definitions.Shell("echo next")));
        Assert.Equal(["next"], Definitions.LinesOf(Definitions.Op(next)));
    }

    [Fact]
    public async Task Start_JobIsEndedWhileTheEngineIsAway_ItsContainerIsStoppedOnceTheEngineIsBack()
    {
        await engine.UseAsync("--live-restore");
        await using MarketHost host = await OpenAsync();
        PublicKey job = await host.Network.PostAsync(Definitions.Shell("echo begun; exec sleep infinity"));
        string container = await host.RunningContainerAsync(job);
        await host.Process.LineAsync($"Container {container[..12]} started");

        await engine.StopAsync("TERM");
        await host.Network.Poster.EndAsync(job, Token);
        await host.Process.LineAsync("Stopping operation");
        await engine.StartAsync();
        (_, JsonNode result) = await host.CompletedAsync(job);

        Assert.Equal(("success", "stopped"), Definitions.StatusesOf(result));
        Assert.Equal(["begun"], Definitions.LinesOf(Definitions.Op(result)));
        Assert.Empty(await engine.Test.Client.ListContainersAsync(new ContainersListParameters { All = true }, Token));
    }

    [Fact]
    public async Task Start_EngineHangsWhileTheHostWaits_ItLeavesTheQueueWithinTwentySecondsAndComesBack()
    {
        await engine.UseAsync();
        await using MarketHost host = await OpenAsync();
        await engine.FreezeAsync();
        try
        {
            await host.UntilAsync(() => !host.Network.HostIsQueued, "the host is out of the queue", TimeSpan.FromSeconds(20 + Slack));
            await host.Process.LineAsync("has not answered for 8 s");
        }
        finally
        {
            await engine.ThawAsync();
        }
        await host.UntilAsync(() => host.Network.HostIsQueued, "the host is in the queue again");
        (_, JsonNode next) = await host.CompletedAsync(await host.Network.PostAsync(Definitions.Shell("echo next")));
        Assert.Equal(["next"], Definitions.LinesOf(Definitions.Op(next)));
    }

    [Fact]
    public async Task Start_EngineHangsAsAJobComes_TheJobIsGivenBackLongBeforeItsTimeout()
    {
        await engine.UseAsync();
        await using MarketHost host = await OpenAsync();
        ulong before = host.Network.HostNos;
        await engine.FreezeAsync();
        try
        {
            PublicKey job = await host.Network.PostAsync(Definitions.Shell("echo never"), timeout: 300);
            JobAccount account = await host.SettledAsync(job);
            Assert.Equal(JobState.Stopped, account.State);
            Assert.Equal(before, host.Network.HostNos);
        }
        finally
        {
            await engine.ThawAsync();
        }
        await host.UntilAsync(() => host.Network.HostIsQueued, "the host is in the queue again");
    }

    private async Task<MarketHost> OpenAsync()
    {
        var host = new MarketHost(new TestEngine(engine.Test.Endpoint));
        await host.InitializeAsync();
        return host;
    }
}
