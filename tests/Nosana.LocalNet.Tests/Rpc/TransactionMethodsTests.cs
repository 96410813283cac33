using System.Text.Json;
using Nosana.LocalNet.Tests.Support;
using Nosana.Solana.Programs;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Tests.Rpc;

public sealed class TransactionMethodsTests
{
    private static readonly PublicKey To = TestBank.Key(77);

    private static TransactionInstruction Transfer(TestNetwork network, ulong lamports = 10_000_000) => SystemProgram.Transfer(network.Server.Keys.Poster.PublicKey, To, lamports);

    [Fact]
    public async Task SendTransaction_Signed_LandsWithStatusHistoryAndBalances()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        Account poster = network.Server.Keys.Poster;
        ulong before = (await network.CallAsync("getBalance", $"[\"{poster.PublicKey}\"]")).GetProperty("value").GetUInt64();

        string signature = await network.SendAsync([Transfer(network)], poster);

        Assert.Equal(10_000_000UL, (await network.CallAsync("getBalance", $"[\"{To}\"]")).GetProperty("value").GetUInt64());
        Assert.Equal(before - 10_005_000, (await network.CallAsync("getBalance", $"[\"{poster.PublicKey}\"]")).GetProperty("value").GetUInt64());
        JsonElement status = (await network.CallAsync("getSignatureStatuses", $"[[\"{signature}\",\"{new string('1', 64)}\"]]")).GetProperty("value");
        Assert.Equal("finalized", status[0].GetProperty("confirmationStatus").GetString());
        Assert.Equal(JsonValueKind.Null, status[0].GetProperty("err").ValueKind);
        Assert.Equal(JsonValueKind.Null, status[0].GetProperty("confirmations").ValueKind);
        Assert.Equal(JsonValueKind.Null, status[1].ValueKind);
        JsonElement transaction = await network.CallAsync("getTransaction", $"[\"{signature}\",{{\"encoding\":\"json\"}}]");
        JsonElement meta = transaction.GetProperty("meta");
        Assert.Equal(5_000UL, meta.GetProperty("fee").GetUInt64());
        Assert.Equal(before, meta.GetProperty("preBalances")[0].GetUInt64());
        Assert.Equal(before - 10_005_000, meta.GetProperty("postBalances")[0].GetUInt64());
        Assert.Equal(poster.PublicKey.Key, transaction.GetProperty("transaction").GetProperty("message").GetProperty("accountKeys")[0].GetString());
        JsonElement history = await network.CallAsync("getSignaturesForAddress", $"[\"{To}\"]");
        Assert.Equal(signature, Assert.Single(history.EnumerateArray()).GetProperty("signature").GetString());
    }

    [Fact]
    public async Task SendTransaction_SentAgain_IsAlreadyProcessed()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        byte[] bytes = network.Sign([Transfer(network)], network.Server.Keys.Poster);
        await network.CallAsync("sendTransaction", TestNetwork.SendParameters(bytes));

        JsonElement error = await network.ErrorAsync("sendTransaction", TestNetwork.SendParameters(bytes));

        Assert.Equal(-32002, error.GetProperty("code").GetInt32());
        Assert.Equal("AlreadyProcessed", error.GetProperty("data").GetProperty("err").GetString());
        // Without preflight the bytes are taken, and change nothing.
        await network.CallAsync("sendTransaction", TestNetwork.SendParameters(bytes, "\"skipPreflight\":true"));
        Assert.Equal(10_000_000UL, network.Server.Bank.GetAccount(To)!.Lamports);
    }

    [Fact]
    public async Task SendTransaction_ExpiredBlockhash_IsRefused()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        byte[] bytes = network.Sign([Transfer(network)], network.Server.Keys.Poster);
        network.Time.Advance(TimeSpan.FromSeconds(61));

        JsonElement error = await network.ErrorAsync("sendTransaction", TestNetwork.SendParameters(bytes));

        Assert.Equal("Transaction simulation failed: Blockhash not found", error.GetProperty("message").GetString());
        Assert.Null(network.Server.Bank.GetAccount(To));
    }

    [Fact]
    public async Task SendTransaction_ChangedAfterSigning_FailsVerification()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        byte[] bytes = network.Sign([Transfer(network)], network.Server.Keys.Poster);
        bytes[^1] ^= 1;

        JsonElement error = await network.ErrorAsync("sendTransaction", TestNetwork.SendParameters(bytes));

        Assert.Equal(-32003, error.GetProperty("code").GetInt32());
        Assert.Null(network.Server.Bank.GetAccount(To));
    }

    [Fact]
    public async Task SendTransaction_InstructionFails_PreflightShowsErrorAndLogs()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        byte[] bytes = network.Sign([Transfer(network, ulong.MaxValue)], network.Server.Keys.Poster);

        JsonElement error = await network.ErrorAsync("sendTransaction", TestNetwork.SendParameters(bytes));

        Assert.Equal("Transaction simulation failed: Error processing Instruction 0: custom program error: 0x1", error.GetProperty("message").GetString());
        JsonElement data = error.GetProperty("data");
        Assert.Equal("""{"InstructionError":[0,{"Custom":1}]}""", data.GetProperty("err").GetRawText());
        Assert.Equal("Program 11111111111111111111111111111111 failed: custom program error: 0x1", data.GetProperty("logs").EnumerateArray().Last().GetString());
    }

    [Fact]
    public async Task SendTransaction_InstructionFailsWithoutPreflight_LandsAndCostsTheFee()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        Account poster = network.Server.Keys.Poster;
        ulong before = network.Server.Bank.GetAccount(poster.PublicKey)!.Lamports;
        byte[] bytes = network.Sign([Transfer(network, ulong.MaxValue)], poster);

        string signature = (await network.CallAsync("sendTransaction", TestNetwork.SendParameters(bytes, "\"skipPreflight\":true"))).GetString()!;

        JsonElement status = (await network.CallAsync("getSignatureStatuses", $"[[\"{signature}\"]]")).GetProperty("value")[0];
        Assert.Equal("""{"Err":{"InstructionError":[0,{"Custom":1}]}}""", status.GetProperty("status").GetRawText());
        Assert.Equal(before - 5_000, network.Server.Bank.GetAccount(poster.PublicKey)!.Lamports);
    }

    [Theory]
    [InlineData("""["!!!",{"encoding":"base64"}]""")]
    [InlineData("""["AAAA",{"encoding":"base64"}]""")]
    [InlineData("""["AAAA",{"encoding":"utf9"}]""")]
    [InlineData("[]")]
    public async Task SendTransaction_Nonsense_IsAnInvalidParameter(string parameters)
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        Assert.Equal(-32602, (await network.ErrorAsync("sendTransaction", parameters)).GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task SimulateTransaction_Unsigned_RunsAndKeepsNothing()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        byte[] bytes = network.Sign([Transfer(network)], network.Server.Keys.Poster);
        bytes.AsSpan(1, 64).Clear();
        network.Time.Advance(TimeSpan.FromMinutes(5));

        JsonElement value = (await network.CallAsync("simulateTransaction", TestNetwork.SendParameters(bytes,
            $"\"replaceRecentBlockhash\":true,\"accounts\":{{\"encoding\":\"base64\",\"addresses\":[\"{To}\"]}}"))).GetProperty("value");

        Assert.Equal(JsonValueKind.Null, value.GetProperty("err").ValueKind);
        Assert.Equal(150UL, value.GetProperty("unitsConsumed").GetUInt64());
        Assert.Equal(10_000_000UL, value.GetProperty("accounts")[0].GetProperty("lamports").GetUInt64());
        Assert.NotEqual(JsonValueKind.Null, value.GetProperty("replacementBlockhash").ValueKind);
        Assert.Null(network.Server.Bank.GetAccount(To));
    }

    [Fact]
    public async Task GetTransaction_Versioned_NeedsTheCallersConsent()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        Account poster = network.Server.Keys.Poster;
        byte[] bytes = new Nosana.Solana.Rpc.Builders.TransactionBuilder()
            .SetVersion(MessageVersion.V0)
            .SetRecentBlockHash(network.Server.Bank.LatestBlockhash().Hash.Key)
            .AddInstruction(Transfer(network))
            .Build(poster);
        string signature = (await network.CallAsync("sendTransaction", TestNetwork.SendParameters(bytes))).GetString()!;

        Assert.Equal(-32015, (await network.ErrorAsync("getTransaction", $"[\"{signature}\"]")).GetProperty("code").GetInt32());
        JsonElement found = await network.CallAsync("getTransaction", $"[\"{signature}\",{{\"encoding\":\"base64\",\"maxSupportedTransactionVersion\":0}}]");
        Assert.Equal(0, found.GetProperty("version").GetInt32());
        Assert.Equal(Convert.ToBase64String(bytes), found.GetProperty("transaction")[0].GetString());
    }

    [Fact]
    public async Task RequestAirdrop_TwiceInOneSlot_PaysTwice()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        string first = (await network.CallAsync("requestAirdrop", $"[\"{To}\",2000000000]")).GetString()!;
        string second = (await network.CallAsync("requestAirdrop", $"[\"{To}\",2000000000]")).GetString()!;

        Assert.NotEqual(first, second);
        Assert.Equal(4_000_000_000UL, network.Server.Bank.GetAccount(To)!.Lamports);
    }

    [Fact]
    public async Task GetFeeForMessage_SignedTransfer_Is5000()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        byte[] bytes = network.Sign([Transfer(network)], network.Server.Keys.Poster);
        string message = Convert.ToBase64String(bytes.AsSpan(65));

        Assert.Equal(5_000UL, (await network.CallAsync("getFeeForMessage", $"[\"{message}\"]")).GetProperty("value").GetUInt64());
        network.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(JsonValueKind.Null, (await network.CallAsync("getFeeForMessage", $"[\"{message}\"]")).GetProperty("value").ValueKind);
    }

    [Fact]
    public async Task GetRecentPrioritizationFees_Accounts_AreTheLeastPaidByTheirWriters()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        Account poster = network.Server.Keys.Poster, host = network.Server.Keys.Host;
        PublicKey dear = TestBank.Key(91), cheap = TestBank.Key(92), idle = TestBank.Key(93);
        Task<string> PayAsync(Account payer, PublicKey to, ulong price, ulong lamports = 10_000_000) =>
            network.SendAsync([ComputeBudgetProgram.SetComputeUnitPrice(price), SystemProgram.Transfer(payer.PublicKey, to, lamports)], payer);
        await PayAsync(poster, dear, 5_000);
        await PayAsync(poster, dear, 7_000, 20_000_000);
        await PayAsync(host, cheap, 300);
        ulong slot = network.Server.Bank.Clock.Slot;
        network.Time.Advance(TimeSpan.FromSeconds(4));

        async Task<ulong[]> FeesAsync(params PublicKey[] accounts)
        {
            JsonElement fees = await network.CallAsync("getRecentPrioritizationFees", $"[{JsonSerializer.Serialize(accounts.Select(account => account.Key))}]");
            Assert.All(fees.EnumerateArray(), fee => Assert.True(fee.GetProperty("slot").GetUInt64() == slot || fee.GetProperty("prioritizationFee").GetUInt64() == 0));
            return [.. fees.EnumerateArray().Where(fee => fee.GetProperty("slot").GetUInt64() == slot).Select(fee => fee.GetProperty("prioritizationFee").GetUInt64())];
        }
        Assert.Equal(300UL, Assert.Single(await FeesAsync()));
        Assert.Equal(300UL, Assert.Single(await FeesAsync(idle)));
        Assert.Equal(300UL, Assert.Single(await FeesAsync(cheap)));
        Assert.Equal(5_000UL, Assert.Single(await FeesAsync(dear)));
        Assert.Equal(5_000UL, Assert.Single(await FeesAsync(cheap, poster.PublicKey)));
        // Read by all of them, locked for writing by none.
        Assert.Equal(300UL, Assert.Single(await FeesAsync(WellKnownAddresses.ComputeBudgetProgram)));
        network.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Empty(await FeesAsync(dear));
        Assert.Equal(150, (await network.CallAsync("getRecentPrioritizationFees")).GetArrayLength());
    }

    [Fact]
    public async Task GetRecentPrioritizationFees_TooManyAccounts_IsRefused()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        string accounts = JsonSerializer.Serialize(Enumerable.Repeat(To.Key, 129));
        Assert.Equal(-32602, (await network.ErrorAsync("getRecentPrioritizationFees", $"[{accounts}]")).GetProperty("code").GetInt32());
    }
}
