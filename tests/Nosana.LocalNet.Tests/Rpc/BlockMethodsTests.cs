using System.Text.Json;
using Nosana.LocalNet.Tests.Support;
using Nosana.Solana.Programs;
using Nosana.Solana.Rpc.Builders;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Tests.Rpc;

public sealed class BlockMethodsTests : IDisposable
{
    private static readonly PublicKey To = TestBank.Key(77);

    private readonly string _directory = Directory.CreateTempSubdirectory("localnet-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static TransactionInstruction Transfer(TestNetwork network, ulong lamports = 10_000_000) =>
        SystemProgram.Transfer(network.Server.Keys.Poster.PublicKey, To, lamports);

    private static string[] Names(JsonElement value) => [.. value.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal)];

    /// <summary>Sends a transfer in a slot of its own, and a second one in the same slot.</summary>
    private static async Task<(ulong Slot, string First, string Second)> SendTwoAsync(TestNetwork network)
    {
        network.Time.Advance(TimeSpan.FromSeconds(2));
        string first = await network.SendAsync([Transfer(network)], network.Server.Keys.Poster);
        string second = await network.SendAsync([Transfer(network, 1)], network.Server.Keys.Poster);
        return (network.Server.Bank.Clock.Slot, first, second);
    }

    [Fact]
    public async Task GetBlock_Full_HasTheTransactionsInTheirOrder()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        (ulong slot, string first, string second) = await SendTwoAsync(network);
        string hash = network.Server.Bank.LatestBlockhash().Hash.Key;
        network.Time.Advance(TimeSpan.FromSeconds(2));

        JsonElement block = await network.CallAsync("getBlock", $"[{slot}]");

        Assert.Equal(["blockHeight", "blockTime", "blockhash", "parentSlot", "previousBlockhash", "rewards", "transactions"], Names(block));
        Assert.Equal((slot, slot - 1), (block.GetProperty("blockHeight").GetUInt64(), block.GetProperty("parentSlot").GetUInt64()));
        Assert.Equal(hash, block.GetProperty("blockhash").GetString());
        Assert.Equal((await network.CallAsync("getBlockTime", $"[{slot}]")).GetInt64(), block.GetProperty("blockTime").GetInt64());
        JsonElement before = await network.CallAsync("getBlock", $"[{slot - 1}]");
        Assert.Equal(before.GetProperty("blockhash").GetString(), block.GetProperty("previousBlockhash").GetString());
        Assert.Empty(before.GetProperty("transactions").EnumerateArray());
        JsonElement[] transactions = [.. block.GetProperty("transactions").EnumerateArray()];
        Assert.Equal([first, second], transactions.Select(transaction => transaction.GetProperty("transaction").GetProperty("signatures")[0].GetString()));
        Assert.Equal(["meta", "transaction"], Names(transactions[0]));
        JsonElement alone = await network.CallAsync("getTransaction", $"[\"{first}\"]");
        Assert.Equal(alone.GetProperty("meta").GetRawText(), transactions[0].GetProperty("meta").GetRawText());
        Assert.Equal(alone.GetProperty("transaction").GetRawText(), transactions[0].GetProperty("transaction").GetRawText());
    }

    [Fact]
    public async Task GetBlock_Accounts_HasKeysAndBalancesOnly()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        (ulong slot, string first, _) = await SendTwoAsync(network);

        JsonElement block = await network.CallAsync("getBlock", $$"""[{{slot}},{"transactionDetails":"accounts","rewards":false,"maxSupportedTransactionVersion":0}]""");

        Assert.Equal(["blockHeight", "blockTime", "blockhash", "parentSlot", "previousBlockhash", "transactions"], Names(block));
        JsonElement transaction = block.GetProperty("transactions")[0];
        Assert.Equal(["meta", "transaction", "version"], Names(transaction));
        Assert.Equal("legacy", transaction.GetProperty("version").GetString());
        Assert.Equal(["err", "fee", "postBalances", "postTokenBalances", "preBalances", "preTokenBalances", "status"], Names(transaction.GetProperty("meta")));
        Assert.Equal(["accountKeys", "signatures"], Names(transaction.GetProperty("transaction")));
        Assert.Equal(first, transaction.GetProperty("transaction").GetProperty("signatures")[0].GetString());
        JsonElement payer = transaction.GetProperty("transaction").GetProperty("accountKeys")[0];
        Assert.Equal(["pubkey", "signer", "source", "writable"], Names(payer));
        Assert.True(payer.GetProperty("signer").GetBoolean() && payer.GetProperty("writable").GetBoolean());
    }

    [Fact]
    public async Task GetBlock_SignaturesOrNone_HasNoTransactions()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        (ulong slot, string first, string second) = await SendTwoAsync(network);

        JsonElement signatures = await network.CallAsync("getBlock", $$"""[{{slot}},{"transactionDetails":"signatures","rewards":false}]""");
        JsonElement none = await network.CallAsync("getBlock", $$"""[{{slot}},{"transactionDetails":"none"}]""");

        Assert.Equal(["blockHeight", "blockTime", "blockhash", "parentSlot", "previousBlockhash", "signatures"], Names(signatures));
        Assert.Equal([first, second], signatures.GetProperty("signatures").EnumerateArray().Select(signature => signature.GetString()));
        Assert.Equal(["blockHeight", "blockTime", "blockhash", "parentSlot", "previousBlockhash", "rewards"], Names(none));
    }

    [Fact]
    public async Task GetBlock_WithVersionedTransaction_NeedsTheCallersConsent()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        byte[] bytes = new TransactionBuilder()
            .SetVersion(MessageVersion.V0)
            .SetRecentBlockHash(network.Server.Bank.LatestBlockhash().Hash.Key)
            .AddInstruction(Transfer(network))
            .Build(network.Server.Keys.Poster);
        await network.CallAsync("sendTransaction", TestNetwork.SendParameters(bytes));
        ulong slot = network.Server.Bank.Clock.Slot;

        foreach (string details in (string[])["full", "accounts"])
            Assert.Equal(-32015, (await network.ErrorAsync("getBlock", $$"""[{{slot}},{"transactionDetails":"{{details}}"}]""")).GetProperty("code").GetInt32());
        JsonElement block = await network.CallAsync("getBlock", $$"""[{{slot}},{"encoding":"base64","maxSupportedTransactionVersion":0}]""");
        Assert.Equal(0, block.GetProperty("transactions")[0].GetProperty("version").GetInt32());
        Assert.Equal(Convert.ToBase64String(bytes), block.GetProperty("transactions")[0].GetProperty("transaction")[0].GetString());
    }

    [Fact]
    public async Task GetBlock_Genesis_HasNoneBeforeIt()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        JsonElement block = await network.CallAsync("getBlock", "[0]");
        Assert.Equal(0, block.GetProperty("parentSlot").GetInt32());
        Assert.Equal(WellKnownAddresses.SystemProgram.Key, block.GetProperty("previousBlockhash").GetString());
    }

    [Theory]
    [InlineData("[999]", -32004)]
    [InlineData("[1,{\"commitment\":\"processed\"}]", -32602)]
    [InlineData("[1,{\"transactionDetails\":\"some\"}]", -32602)]
    [InlineData("[\"1\"]", -32602)]
    public async Task GetBlock_NotToBeHad_HasTheNodesCode(string parameters, int code)
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        Assert.Equal(code, (await network.ErrorAsync("getBlock", parameters)).GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task GetBlock_FromBeforeARestart_IsCleanedUp()
    {
        LocalNetOptions Kept(LocalNetOptions options) => options with { DatabasePath = Path.Combine(_directory, "chain.db"), KeyDirectory = Path.Combine(_directory, "keys") };
        DateTimeOffset later;
        await using (TestNetwork network = await TestNetwork.StartAsync(Kept))
        {
            Assert.Equal(0UL, (await network.CallAsync("getFirstAvailableBlock")).GetUInt64());
            later = network.Time.GetUtcNow().AddMinutes(10);
        }
        await using TestNetwork again = await TestNetwork.StartAsync(options => Kept(options) with { TimeProvider = new Nosana.Testing.ManualTimeProvider(later) });

        JsonElement error = await again.ErrorAsync("getBlock", "[5]");

        Assert.Equal(-32001, error.GetProperty("code").GetInt32());
        Assert.Equal("Block 5 cleaned up, does not exist on node. First available block: 1501", error.GetProperty("message").GetString());
        Assert.Equal(1501UL, (await again.CallAsync("getFirstAvailableBlock")).GetUInt64());
        Assert.Equal(1501, Assert.Single(Slots(await again.CallAsync("getBlocks", "[0]"))));
        Assert.Equal(1501UL, (await again.CallAsync("getHighestSnapshotSlot")).GetProperty("full").GetUInt64());
    }

    [Theory]
    [InlineData("getBlocks", "[8]", new[] { 8, 9, 10, 11 })]
    [InlineData("getBlocks", "[8,9]", new[] { 8, 9 })]
    [InlineData("getBlocks", "[9,8]", new int[0])]
    [InlineData("getBlocks", "[10,{\"commitment\":\"finalized\"}]", new[] { 10, 11 })]
    [InlineData("getBlocks", "[10,null,{\"commitment\":\"finalized\"}]", new[] { 10, 11 })]
    [InlineData("getBlocks", "[12]", new int[0])]
    [InlineData("getBlocksWithLimit", "[8,2]", new[] { 8, 9 })]
    [InlineData("getBlocksWithLimit", "[10,500000]", new[] { 10, 11 })]
    [InlineData("getBlocksWithLimit", "[10,0]", new int[0])]
    [InlineData("getBlocksWithLimit", "[12,5]", new int[0])]
    public async Task GetBlocks_Range_IsEverySlotOfIt(string method, string parameters, int[] expected)
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        network.Time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(expected, Slots(await network.CallAsync(method, parameters)));
    }

    [Fact]
    public async Task GetBlocks_TooMany_IsRefused()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        network.Time.Advance(TimeSpan.FromDays(3));
        Assert.Equal(-32602, (await network.ErrorAsync("getBlocks", "[1,600000]")).GetProperty("code").GetInt32());
        Assert.Equal(-32602, (await network.ErrorAsync("getBlocksWithLimit", "[1,500001]")).GetProperty("code").GetInt32());
        Assert.Equal(500_001, (await network.CallAsync("getBlocks", "[1]")).GetArrayLength());
    }

    [Fact]
    public async Task GetBlockCommitment_FinalBlock_HasNoVotes()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        Assert.Equal("""{"commitment":null,"totalStake":0}""", (await network.CallAsync("getBlockCommitment", "[1]")).GetRawText());
    }

    private static int[] Slots(JsonElement slots) => [.. slots.EnumerateArray().Select(slot => slot.GetInt32())];
}
