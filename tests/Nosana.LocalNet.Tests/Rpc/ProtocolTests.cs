using System.Net;
using System.Text.Json;
using Nosana.LocalNet.Tests.Support;

namespace Nosana.LocalNet.Tests.Rpc;

/// <summary>JSON-RPC itself, and the methods without parameters.</summary>
public sealed class ProtocolTests
{
    [Fact]
    public async Task Post_Batch_AnswersEachInOrder()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        using HttpResponseMessage response = await network.PostAsync(
            """[{"jsonrpc":"2.0","id":"a","method":"getHealth"},{"jsonrpc":"2.0","method":"getHealth"},{"jsonrpc":"2.0","id":2,"method":"nope"}]""");
        using JsonDocument document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestNetwork.Cancellation));

        Assert.Equal(2, document.RootElement.GetArrayLength());
        Assert.Equal(("ok", "a"), (document.RootElement[0].GetProperty("result").GetString(), document.RootElement[0].GetProperty("id").GetString()));
        Assert.Equal(-32601, document.RootElement[1].GetProperty("error").GetProperty("code").GetInt32());
    }

    [Theory]
    [InlineData("{", -32700)]
    [InlineData("[]", -32600)]
    [InlineData("7", -32600)]
    [InlineData("""{"id":1}""", -32600)]
    [InlineData("""{"id":1,"method":"getBalance","params":{"a":1}}""", -32602)]
    [InlineData("""{"id":1,"method":"getBalance","params":[5]}""", -32602)]
    [InlineData("""{"id":1,"method":"getAccountInfo","params":["11111111111111111111111111111111",7]}""", -32602)]
    [InlineData("""{"id":1,"method":"getAccountInfo","params":["11111111111111111111111111111111",{"encoding":"base65"}]}""", -32602)]
    [InlineData("""{"id":1,"method":"getSlot","params":[{"minContextSlot":99999999999}]}""", -32016)]
    public async Task Post_Malformed_HasTheNodesCode(string body, int code)
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        using HttpResponseMessage response = await network.PostAsync(body);
        using JsonDocument document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestNetwork.Cancellation));
        Assert.Equal(code, document.RootElement.GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task Get_Root_IsNotAllowed()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        using HttpResponseMessage response = await network.GetAsync(network.Server.RpcUri);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    [Fact]
    public async Task GetEpochInfo_TimePasses_FollowsTheSlots()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        ulong before = (await network.CallAsync("getEpochInfo")).GetProperty("absoluteSlot").GetUInt64();
        network.Time.Advance(TimeSpan.FromSeconds(4));
        JsonElement after = await network.CallAsync("getEpochInfo");
        Assert.Equal(before + 10, after.GetProperty("absoluteSlot").GetUInt64());
        Assert.Equal(before + 10, after.GetProperty("blockHeight").GetUInt64());
        Assert.Equal(432_000, after.GetProperty("slotsInEpoch").GetInt32());
    }

    [Fact]
    public async Task GetBlockTime_Slot_IsItsWholeSecond()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        network.Time.Advance(TimeSpan.FromSeconds(40));
        ulong slot = (await network.CallAsync("getSlot")).GetUInt64();
        Assert.Equal(network.Time.GetUtcNow().ToUnixTimeSeconds(), (await network.CallAsync("getBlockTime", $"[{slot}]")).GetInt64());
    }

    [Theory]
    [InlineData("getVersion")]
    [InlineData("getGenesisHash")]
    [InlineData("getIdentity")]
    [InlineData("getEpochSchedule")]
    [InlineData("getFirstAvailableBlock")]
    [InlineData("minimumLedgerSlot")]
    [InlineData("getTransactionCount")]
    [InlineData("getSupply")]
    [InlineData("getVoteAccounts")]
    [InlineData("getRecentPrioritizationFees")]
    [InlineData("getRecentPerformanceSamples")]
    [InlineData("getClusterNodes")]
    [InlineData("getSlotLeader")]
    [InlineData("getHighestSnapshotSlot")]
    [InlineData("getInflationGovernor")]
    [InlineData("getInflationRate")]
    [InlineData("getStakeMinimumDelegation")]
    [InlineData("getBlockHeight")]
    public async Task Call_WithoutParameters_Answers(string method)
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        Assert.NotEqual(JsonValueKind.Null, (await network.CallAsync(method)).ValueKind);
    }
}
