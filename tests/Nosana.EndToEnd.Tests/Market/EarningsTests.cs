using System.Text.Json.Nodes;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;

namespace Nosana.EndToEnd.Tests.Market;

/// <summary>What an operator reads of what his jobs brought, while the host runs and when it does not.</summary>
public sealed class EarningsTests(MarketHost host) : IClassFixture<MarketHost>
{
    private MarketNetwork Network => host.Network;

    [Fact]
    public async Task Earnings_JobsThatEndedInEveryWay_AreThoseOfTheChainRunningAndStopped()
    {
        ulong before = Network.HostNos;
        await host.UntilAsync(() => Network.HostIsQueued, "the host is in the queue");
        PublicKey paid = await Network.PostAsync(Definitions.Shell("sleep 2"));
        JobAccount account = await host.SettledAsync(paid);
        await host.UntilAsync(() => Network.HostIsQueued, "the host is in the queue");
        PublicKey refused = await Network.PostAsync(Definitions.Greedy());
        await host.SettledAsync(refused);
        await host.UntilAsync(() => Network.HostIsQueued, "the host is in the queue");
        PublicKey ended = await Network.PostAsync(Definitions.Shell("exec sleep infinity"));
        await host.RunningContainerAsync(ended);
        await host.UntilAsync(async () => DateTimeOffset.UtcNow.ToUnixTimeSeconds() > (await Network.FindRunAsync(ended))!.Time, "a second has passed");
        await Network.Poster.EndAsync(ended, TestContext.Current.CancellationToken);
        await host.SettledAsync(ended);
        ulong earned = Network.HostNos - before;

        // The start compares what has ended with the chain.
        host.Process.Terminate();
        await host.Process.ExitAsync();
        await host.StartAsync();
        JsonArray running = [];
        await host.UntilAsync(async () =>
        {
            running = JsonNode.Parse(await EarningsAsync("--by", "job", "--format", "json"))!.AsArray();
            return running.Count == 3 && running.All(row => (string?)row!["state"] == "confirmed");
        }, "the chain has confirmed the three jobs");
        host.Process.Terminate();
        await host.Process.ExitAsync();
        JsonArray stopped = JsonNode.Parse(await EarningsAsync("--by", "job", "--format", "json"))!.AsArray();

        Assert.Equal(running.ToJsonString(), stopped.ToJsonString());
        JsonNode Of(PublicKey job) => running.Single(row => (string?)row!["job"] == job.Key)!;
        Assert.Equal(("finished", "quit", "completed"), ((string?)Of(paid)["outcome"], (string?)Of(refused)["outcome"], (string?)Of(ended)["outcome"]));
        long seconds = account.TimeEnd - account.TimeStart;
        Assert.Equal((seconds, (long)MarketNetwork.Price * seconds), ((long)Of(paid)["seconds"]!, (long)Of(paid)["earnedMicroNos"]!));
        Assert.Equal(0, (long)Of(refused)["earnedMicroNos"]!);
        Assert.Equal((long)earned, running.Sum(row => (long)row!["receivedMicroNos"]!));
        Assert.All(running, row => Assert.Equal((long)row!["earnedMicroNos"]!, (long)row["receivedMicroNos"]!));
        Assert.True((long)Of(paid)["feesLamports"]! > 0);
        Assert.Contains(Of(paid)["transactions"]!.AsArray(), transaction => (string?)transaction!["kind"] == "finish");
        Assert.Contains(Of(paid)["transactions"]!.AsArray(), transaction => (string?)transaction!["kind"] == "work");
        string[] csv = (await EarningsAsync("--by", "market", "--format", "csv")).Trim().Split('\n');
        Assert.Equal(["market,jobs,seconds,earnedMicroNos,receivedMicroNos,feesLamports,rentPaidLamports,rentReturnedLamports,unconfirmed"], csv[..1]);
        Assert.StartsWith($"{Network.Market},3,", csv[1], StringComparison.Ordinal);
        Assert.Contains("earned nos", await EarningsAsync(), StringComparison.Ordinal);
        await host.StartAsync();
    }

    private async Task<string> EarningsAsync(params IEnumerable<string> more)
    {
        (int code, string output, string text) = await NodeProcess.RunAsync(Network.Directory, ["earnings", "--state", Network.StateDirectory, .. more]);
        Assert.True(code == 0, text);
        return output;
    }
}
