using System.Text.Json;
using Nosana.LocalNet.Tests.Support;

namespace Nosana.LocalNet.Tests.Rpc;

public sealed class SupplyMethodsTests
{
    [Fact]
    public async Task GetInflation_NoneHere_IsZeroInTheDocumentedShapes()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        network.Time.Advance(TimeSpan.FromSeconds(432_000 * 0.4));
        Assert.Equal("""{"foundation":0.0,"foundationTerm":0.0,"initial":0.0,"taper":0.0,"terminal":0.0}""", (await network.CallAsync("getInflationGovernor")).GetRawText());
        Assert.Equal("""{"epoch":1,"foundation":0.0,"total":0.0,"validator":0.0}""", (await network.CallAsync("getInflationRate")).GetRawText());
    }

    [Fact]
    public async Task GetInflationReward_Addresses_GetNothing()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        network.Time.Advance(TimeSpan.FromSeconds(432_000 * 0.4));
        string addresses = $"[\"{TestBank.Key(1)}\",\"{TestBank.Key(2)}\"]";
        Assert.Equal("[null,null]", (await network.CallAsync("getInflationReward", $"[{addresses}]")).GetRawText());
        Assert.Equal("[null,null]", (await network.CallAsync("getInflationReward", $"[{addresses},{{\"epoch\":0}}]")).GetRawText());
        JsonElement error = await network.ErrorAsync("getInflationReward", $"[{addresses},{{\"epoch\":1}}]");
        Assert.Equal((-32004, "Block not available for slot 864000"), (error.GetProperty("code").GetInt32(), error.GetProperty("message").GetString()));
        Assert.Equal(-32602, (await network.ErrorAsync("getInflationReward", "[[\"x\"]]")).GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task GetStakeMinimumDelegation_IsOneSol()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        Assert.Equal(1_000_000_000UL, (await network.CallAsync("getStakeMinimumDelegation")).GetProperty("value").GetUInt64());
    }
}
