using System.Globalization;
using System.Text.Json.Nodes;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;

namespace Nosana.EndToEnd.Tests.Market;

/// <summary>Jobs that the slot cannot serve: given back at once, and never so many that the host drains its market.</summary>
public sealed class RefusalTests(MarketHost host, ITestOutputHelper output) : IClassFixture<MarketHost>
{
    private static readonly TimeSpan QuitBound = TimeSpan.FromSeconds(50);

    private MarketNetwork Network => host.Network;

    [Fact]
    public async Task Jobs_AskForMoreMemoryThanTheGpuHas_AreGivenBackUntilTheHostLeavesTheQueue()
    {
        ulong before = Network.PosterNos, hostNos = Network.HostNos, vault = Network.VaultNos;
        DateTimeOffset listed = DateTimeOffset.UtcNow;
        PublicKey greedy = await Network.PostAsync(Definitions.Greedy(), timeout: 120);
        Assert.Equal(before - 120 * MarketNetwork.Price, Network.PosterNos);

        Assert.Equal(JobState.Stopped, (await host.SettledAsync(greedy)).State);
        TimeSpan took = DateTimeOffset.UtcNow - listed;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"listing to quit: {took.TotalMilliseconds:0} ms"));
        Assert.InRange(took, TimeSpan.Zero, QuitBound);
        NodeProcess.Line refused = await host.Process.LineAsync("Refused, the run is given back");
        Assert.Contains(greedy.Key, refused.Text, StringComparison.Ordinal);
        Assert.Contains("GPU", refused.Text, StringComparison.Ordinal);

        PublicKey next = await Network.PostAsync(Definitions.Shell("echo next"));
        (JobAccount account, JsonNode result) = await host.CompletedAsync(next);
        Assert.Equal(["next"], Definitions.LinesOf(Definitions.Op(result)));
        ulong paid = (ulong)(account.TimeEnd - account.TimeStart) * MarketNetwork.Price;

        JsonNode answer = await host.JobAsync("recover", greedy);
        Assert.Equal(120 * MarketNetwork.Price, answer["recoveredMicroNos"]!.GetValue<ulong>());
        Assert.Null(Network.Find(greedy));
        Assert.Equal((before - paid, hostNos + paid, vault), (Network.PosterNos, Network.HostNos, Network.VaultNos));

        await AssertLeavesTheQueueAsync();
    }

    private async Task AssertLeavesTheQueueAsync()
    {
        for (int i = 0; i < 3; i++)
        {
            await host.UntilAsync(() => Network.HostIsQueued, "the host is in the queue");
            Assert.Equal(JobState.Stopped, (await host.SettledAsync(await Network.PostAsync(Definitions.Greedy()))).State);
        }
        NodeProcess.Line left = await host.Process.LineAsync("Out of the queue after 3 refusals in a row");
        Assert.Contains("GPU", left.Text, StringComparison.Ordinal);

        PublicKey waiting = await Network.PostAsync(Definitions.Shell("echo waits for another host"));
        Assert.False(Network.HostIsQueued);
        Assert.Equal(JobState.Queued, Network.Find(waiting)!.State);
        Assert.Null(await Network.FindRunAsync(waiting));
    }
}
