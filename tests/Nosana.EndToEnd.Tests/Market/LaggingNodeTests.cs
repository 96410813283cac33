using System.Text.Json.Nodes;
using Nosana.EndToEnd.Tests.Support;
using Nosana.LocalNet.Faults;
using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;

namespace Nosana.EndToEnd.Tests.Market;

/// <summary>A host with two RPC nodes, of which the first shows the chain as it was 20 seconds ago, as behind a provider's load balancer.</summary>
public sealed class LaggingNodeTests : IAsyncLifetime
{
    private const int Slots = 50;

    private readonly MarketHost _host = new();

    private MarketNetwork Network => _host.Network;

    private NodeFaults First => Network.Server.Faults.Node;

    public async ValueTask InitializeAsync()
    {
        await _host.PrepareAsync();
        _host.Options = ["--rpc", Network.Server.RpcUri.AbsoluteUri, "--rpc", Network.Server.ReplicaUri.AbsoluteUri];
        await _host.StartAsync();
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FirstNode_FallsBehind_JobsAreServedAtOnceAndTheHostQueuesInBetween(bool ignoresMinimum)
    {
        First.IgnoresMinContextSlot = ignoresMinimum;
        First.LagSlots = Slots;
        for (int i = 0; i < 3; i++)
        {
            ulong before = Network.HostNos;
            PublicKey job = await Network.PostAsync(Definitions.Shell("echo done"));
            (JobAccount account, JsonNode result) = await _host.CompletedAsync(job);
            Assert.Equal("success", Definitions.StatusOf(result));
            Assert.InRange(account.TimeEnd - account.TimeStart, 0, 8); // the lag alone is 20 s
            Network.AssertPaidOnce(account, before);
            await _host.UntilAsync(() => Network.HostIsQueued, "the host is in the queue again");
        }
    }

    [Fact]
    public async Task FirstNode_RefusesForGood_TheSecondServes()
    {
        First.Status = 403;
        ulong before = Network.HostNos;
        PublicKey job = await Network.PostAsync(Definitions.Shell("echo done"));
        (JobAccount account, JsonNode result) = await _host.CompletedAsync(job);
        Assert.Equal("success", Definitions.StatusOf(result));
        Network.AssertPaidOnce(account, before);
    }

    [Fact]
    public async Task Host_StopsWhileTheFirstNodeLags_HasLeftTheQueue()
    {
        First.LagSlots = Slots;
        _host.Process.Terminate();
        Assert.Equal(0, await _host.Process.ExitAsync());
        Assert.False(Network.HostIsQueued);
    }
}
