using System.Text.Json.Nodes;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Solana.Wallet;

namespace Nosana.EndToEnd.Tests.Market;

/// <summary>What ends the containers of a host that does not run any more.</summary>
public sealed class WatchdogTests(MarketHost host) : IClassFixture<MarketHost>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private MarketNetwork Network => host.Network;

    [Fact]
    public async Task Watchdog_TheHostWasKilledAndTheTimeIsUp_TheContainerEndsAndTheNextStartFinishesTheJob()
    {
        const long Timeout = 20; // a machine that does other work may take half of it to start the container
        ulong before = Network.HostNos;
        PublicKey job = await Network.PostAsync(Definitions.Shell("echo begun; exec sleep infinity"), Timeout);
        string container = await host.RunningContainerAsync(job);
        await host.Process.LineAsync($"Container {container[..12]} started");
        long deadline = (await Network.FindRunAsync(job))!.Time + Timeout;
        await host.Process.KillAsync();
        await host.UntilAsync(() => DateTimeOffset.UtcNow.ToUnixTimeSeconds() > deadline, "the job's time is up");
        await WatchAsync();
        Assert.Equal("exited", Assert.Single(await host.ContainersAsync(job)).State);

        await host.StartAsync();
        (_, JsonNode result) = await host.CompletedAsync(job);
        Assert.Equal(["begun"], Definitions.LinesOf(Definitions.Op(result)));
        Assert.Equal(before + Timeout * MarketNetwork.Price, Network.HostNos);
        Assert.Empty(await host.ContainersAsync(job));
        Assert.Empty(Directory.GetFiles(Path.Combine(Network.StateDirectory, "deadlines")));
    }

    [Fact]
    public async Task Watchdog_TheHostRuns_ItLeavesItsContainersAlone()
    {
        await host.UntilAsync(() => Network.HostIsQueued, "the host is in the queue");
        PublicKey job = await Network.PostAsync(Definitions.Shell("exec sleep infinity"));
        string container = await host.RunningContainerAsync(job);
        string file = Path.Combine(Network.StateDirectory, "deadlines", job.Key);
        Assert.True(File.Exists(file));
        await File.WriteAllTextAsync(file, "2020-01-01T00:00:00.0000000Z\n", Token);
        await WatchAsync();
        Assert.Equal(container, await host.RunningContainerAsync(job));
        await Network.Poster.EndAsync(job, Token);
        await host.SettledAsync(job);
    }

    private async Task WatchAsync()
    {
        (int code, _, string text) = await NodeProcess.RunAsync(
            Network.Directory, "watchdog", "--state", Network.StateDirectory, "--docker", host.EngineAddress.OriginalString);
        Assert.True(code == 0, text);
    }
}
