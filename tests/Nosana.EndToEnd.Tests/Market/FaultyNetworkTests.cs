using System.Text.Json.Nodes;
using Nosana.EndToEnd.Tests.Support;
using Nosana.LocalNet.Faults;
using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;

namespace Nosana.EndToEnd.Tests.Market;

/// <summary>A network that fails in the ways networks do: the job is found, ends and is paid once all the same.</summary>
public sealed class FaultyNetworkTests(MarketHost host) : IClassFixture<MarketHost>, IAsyncLifetime
{
    private MarketNetwork Network => host.Network;

    private LocalNetFaults Faults => Network.Server.Faults;

    public async ValueTask InitializeAsync() => await host.UntilAsync(() => Network.HostIsQueued, "the host is in the queue");

    public ValueTask DisposeAsync()
    {
        Faults.DropNotifications = Faults.DuplicateNotifications = Faults.RefuseSockets = Faults.RpcDown = false;
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Notifications_AreLost_TheRunIsFoundByPolling()
    {
        Faults.DropNotifications = true;
        await ServesAsync();
    }

    [Fact]
    public async Task Notifications_ComeTwice_TheRunIsServedOnce()
    {
        Faults.DuplicateNotifications = true;
        await ServesAsync();
    }

    [Fact]
    public async Task Sockets_AreClosedAndRefused_TheRunIsFoundByPolling()
    {
        Faults.RefuseSockets = true;
        Faults.CloseSockets();
        await ServesAsync();
    }

    [Fact]
    public async Task Poster_EndsWhileNotificationsAreLost_IsNoticedByPolling()
    {
        PublicKey job = await Network.PostAsync(Definitions.Exec("sleep", "infinity"));
        await host.RunningContainerAsync(job);
        Faults.DropNotifications = true;
        await Network.Poster.EndAsync(job, TestContext.Current.CancellationToken);
        (_, JsonNode result) = await host.CompletedAsync(job);
        Assert.Equal(("success", "stopped"), Definitions.StatusesOf(result));
    }

    [Fact]
    public async Task Rpc_IsDownAtTheEndOfAJob_TheJobIsFinishedLater()
    {
        ulong before = Network.HostNos;
        int from = host.Process.Lines.Count;
        PublicKey job = await Network.PostAsync(Definitions.Shell("echo done; sleep 1"));
        await host.RunningContainerAsync(job);
        Faults.RpcDown = true;
        await host.Process.LineAsync("Result published as", from);
        Assert.False(Network.IsSettled(job));
        Faults.RpcDown = false;
        AssertServed(before, await host.CompletedAsync(job));
    }

    [Fact]
    public async Task Finish_NeverReachesTheChain_IsSentAgain()
    {
        ulong before = Network.HostNos;
        PublicKey job = await Network.PostAsync(Definitions.Shell("echo done; sleep 1"));
        await host.RunningContainerAsync(job);
        Faults.LoseNextTransactions(1);
        AssertServed(before, await host.CompletedAsync(job));
    }

    private async Task ServesAsync()
    {
        ulong before = Network.HostNos;
        AssertServed(before, await host.CompletedAsync(await Network.PostAsync(Definitions.Shell("echo done; sleep 1"))));
    }

    private void AssertServed(ulong before, (JobAccount Account, JsonNode Result) end)
    {
        Assert.Equal("success", Definitions.StatusOf(end.Result));
        Assert.Equal(["done"], Definitions.LinesOf(Definitions.Op(end.Result)));
        Network.AssertPaidOnce(end.Account, before);
    }
}
