using System.Text.Json;
using Nosana.LocalNet.Tests.Support;
using Nosana.Solana.Programs;

namespace Nosana.LocalNet.Tests.Rpc;

public sealed class ClusterMethodsTests
{
    [Fact]
    public async Task GetClusterNodes_IsThisNode()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        JsonElement node = Assert.Single((await network.CallAsync("getClusterNodes")).EnumerateArray());
        Assert.Equal((await network.CallAsync("getIdentity")).GetProperty("identity").GetString(), node.GetProperty("pubkey").GetString());
        Assert.Equal($"127.0.0.1:{network.Server.RpcUri.Port}", node.GetProperty("rpc").GetString());
        Assert.Equal($"127.0.0.1:{network.Server.RpcUri.Port + 1}", node.GetProperty("pubsub").GetString());
        JsonElement version = await network.CallAsync("getVersion");
        Assert.Equal(version.GetProperty("solana-core").GetString(), node.GetProperty("version").GetString());
        Assert.Equal(version.GetProperty("feature-set").GetUInt32(), node.GetProperty("featureSet").GetUInt32());
        Assert.Equal(JsonValueKind.Null, node.GetProperty("gossip").ValueKind);
    }

    [Fact]
    public async Task GetSlotLeaders_Limit_IsThisNodeSoOften()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        string identity = (await network.CallAsync("getIdentity")).GetProperty("identity").GetString()!;
        Assert.Equal(identity, (await network.CallAsync("getSlotLeader")).GetString());
        Assert.Equal([identity, identity, identity], (await network.CallAsync("getSlotLeaders", "[100,3]")).EnumerateArray().Select(leader => leader.GetString()));
        foreach (string parameters in (string[])["[100,0]", "[100,5001]", "[100]"])
            Assert.Equal(-32602, (await network.ErrorAsync("getSlotLeaders", parameters)).GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task GetRecentPerformanceSamples_WholeMinutes_CountTheirTransactions()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        Assert.Empty((await network.CallAsync("getRecentPerformanceSamples")).EnumerateArray());
        await network.SendAsync([SystemProgram.Transfer(network.Server.Keys.Poster.PublicKey, TestBank.Key(1), 10_000_000)], network.Server.Keys.Poster);
        network.Time.Advance(TimeSpan.FromSeconds(121));
        await network.SendAsync([SystemProgram.Transfer(network.Server.Keys.Poster.PublicKey, TestBank.Key(1), 1)], network.Server.Keys.Poster);

        JsonElement samples = await network.CallAsync("getRecentPerformanceSamples");

        Assert.Equal(
            """
            [{"numNonVoteTransactions":0,"numSlots":150,"numTransactions":0,"samplePeriodSecs":60,"slot":300},
            {"numNonVoteTransactions":1,"numSlots":150,"numTransactions":1,"samplePeriodSecs":60,"slot":150}]
            """.ReplaceLineEndings(""),
            samples.GetRawText());
        Assert.Equal(1, (await network.CallAsync("getRecentPerformanceSamples", "[1]")).GetArrayLength());
        Assert.Equal(-32602, (await network.ErrorAsync("getRecentPerformanceSamples", "[721]")).GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task GetHighestSnapshotSlot_FreshNetwork_IsGenesis()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        network.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("""{"full":0,"incremental":null}""", (await network.CallAsync("getHighestSnapshotSlot")).GetRawText());
    }
}
