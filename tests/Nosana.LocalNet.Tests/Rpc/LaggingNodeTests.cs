using System.Text.Json;
using Nosana.LocalNet.Runtime;
using Nosana.LocalNet.Tests.Support;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Tests.Rpc;

/// <summary>A node that shows the chain as it was some slots ago; a slot takes 0.4 s of the test's clock.</summary>
public sealed class LaggingNodeTests
{
    private static readonly PublicKey Owner = TestBank.Key(7), Kept = TestBank.Key(8), Changed = TestBank.Key(9), Closed = TestBank.Key(10), New = TestBank.Key(11);

    [Fact]
    public async Task Accounts_NodeLags_AreThoseOfItsSlot()
    {
        await using TestNetwork network = await StartAsync();
        network.Server.Faults.Node.LagSlots = 25;
        JsonElement lagging = await network.CallAsync("getProgramAccounts", $"[\"{Owner}\",{{\"encoding\":\"base64\",\"withContext\":true}}]");
        ulong slot = await SlotAsync(network);
        Assert.Equal(slot, lagging.GetProperty("context").GetProperty("slot").GetUInt64());
        Assert.Equal(
            new[] { (Kept.Key, 100UL), (Changed.Key, 100UL), (Closed.Key, 100UL) }.Order(),
            lagging.GetProperty("value").EnumerateArray()
                .Select(pair => (pair.GetProperty("pubkey").GetString()!, pair.GetProperty("account").GetProperty("lamports").GetUInt64())).Order());
        Assert.Equal(JsonValueKind.Null, (await network.CallAsync("getAccountInfo", $"[\"{New}\"]")).GetProperty("value").ValueKind);

        network.Time.Advance(TimeSpan.FromSeconds(10)); // 25 slots: it has caught up with the changes
        Assert.Equal(300UL, (await network.CallAsync("getBalance", $"[\"{New}\"]")).GetProperty("value").GetUInt64());
        Assert.Equal(slot + 25, await SlotAsync(network));
    }

    [Fact]
    public async Task MinContextSlot_NodeLags_IsNotReachedUnlessTheNodeKnowsNoSuchOption()
    {
        await using TestNetwork network = await StartAsync();
        ulong slot = await SlotAsync(network);
        network.Server.Faults.Node.LagSlots = 25;
        string parameters = $"[\"{Kept}\",{{\"minContextSlot\":{slot}}}]";
        Assert.Equal(-32016, (await network.ErrorAsync("getAccountInfo", parameters)).GetProperty("code").GetInt32());
        network.Server.Faults.Node.IgnoresMinContextSlot = true;
        JsonElement answer = await network.CallAsync("getAccountInfo", parameters);
        Assert.Equal(slot - 25, answer.GetProperty("context").GetProperty("slot").GetUInt64());
    }

    [Fact]
    public async Task Clock_NodeLags_IsThatOfItsSlot()
    {
        await using TestNetwork network = await StartAsync();
        network.Server.Faults.Node.LagSlots = 25;
        JsonElement clock = await network.CallAsync("getAccountInfo", """["SysvarC1ock11111111111111111111111111111111",{"encoding":"base64"}]""");
        byte[] data = clock.GetProperty("value").GetProperty("data")[0].GetBytesFromBase64();
        Assert.InRange(network.Time.GetUtcNow().ToUnixTimeSeconds() - BitConverter.ToInt64(data, 32), 10, 11);
    }

    [Fact]
    public async Task Refuse_OneMethod_TheOthersAreServed()
    {
        await using TestNetwork network = await StartAsync();
        network.Server.Faults.Node.Refuse("getSlot", -32601, "Method not found");
        Assert.Equal(-32601, (await network.ErrorAsync("getSlot")).GetProperty("code").GetInt32());
        await network.CallAsync("getBlockHeight");
        network.Server.Faults.Node.RefuseNothing();
        await network.CallAsync("getSlot");
    }

    private static async Task<TestNetwork> StartAsync()
    {
        TestNetwork network = await TestNetwork.StartAsync();
        network.Time.Advance(TimeSpan.FromMinutes(1));
        foreach (PublicKey key in (PublicKey[])[Kept, Changed, Closed]) network.Server.Bank.SetAccount(key, new AccountState(100, Owner, default));
        network.Time.Advance(TimeSpan.FromMinutes(1));
        network.Server.Bank.SetAccount(Changed, new AccountState(200, Owner, default));
        network.Server.Bank.SetAccount(Changed, new AccountState(250, Owner, default));
        network.Server.Bank.SetAccount(Closed, AccountState.Empty);
        network.Server.Bank.SetAccount(New, new AccountState(300, Owner, default));
        return network;
    }

    private static async Task<ulong> SlotAsync(TestNetwork network) => (await network.CallAsync("getSlot")).GetUInt64();
}
