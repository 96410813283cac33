using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Solana.Programs;
using Nosana.Solana.Rpc;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Solana.Tests.Rpc;

public sealed class RpcClientTests
{
    private static readonly PublicKey Key = TestKeys.Of(1).PublicKey;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetAccountInfo_ExistingAndAbsent_AreRead()
    {
        string account = $$"""{"data":["AQID","base64"],"executable":false,"lamports":18446744073709551615,"owner":"{{WellKnownAddresses.TokenProgram}}","rentEpoch":18446744073709551615,"space":3}""";
        await using FakeNode node = await FakeNode.StartAsync(FakeNode.Value(account, 99), FakeNode.Value("null"));
        using RpcClient client = node.Client();
        ResponseValue<AccountInfo?> found = await client.GetAccountInfoAsync(Key, dataSlice: new DataSlice(208, 17), cancellationToken: Cancelled);
        Assert.Equal(99UL, found.Context.Slot);
        Assert.Equal([1, 2, 3], found.Value!.Data);
        Assert.Equal(ulong.MaxValue, found.Value.Lamports);
        Assert.Equal(WellKnownAddresses.TokenProgram, found.Value.Owner);
        Assert.Null((await client.GetAccountInfoAsync(Key, Commitment.Finalized, cancellationToken: Cancelled)).Value);

        JsonElement[] requests = [.. node.Requests];
        AssertParams("""["KEY",{"encoding":"base64","commitment":"confirmed","dataSlice":{"offset":208,"length":17}}]""", requests[0]);
        AssertParams("""["KEY",{"encoding":"base64","commitment":"finalized"}]""", requests[1]);
    }

    [Fact]
    public async Task GetMultipleAccounts_250Accounts_AreReadInThreeRequestsInOrder()
    {
        PublicKey[] keys = [.. Enumerable.Range(0, 250).Select(i => new PublicKey([.. BitConverter.GetBytes(i), .. new byte[28]]))];
        ulong slot = 50;
        await using FakeNode node = await FakeNode.StartAsync((context, request) =>
        {
            // Each account carries its own address as data; every third does not exist.
            IEnumerable<string> accounts = request.GetProperty("params")[0].EnumerateArray().Select(key => new PublicKey(key.GetString()!))
                .Select(key => key.KeyBytes[0] % 3 == 0 ? "null" : $$"""{"data":["{{Convert.ToBase64String(key.KeyBytes)}}","base64"],"executable":false,"lamports":1,"owner":"{{WellKnownAddresses.SystemProgram}}","rentEpoch":0}""");
            return FakeNode.Value($"[{string.Join(",", accounts)}]", slot--)(context, request);
        });
        using RpcClient client = node.Client();
        ResponseValue<IReadOnlyList<AccountInfo?>> answer = await client.GetMultipleAccountsAsync(keys, cancellationToken: Cancelled);
        Assert.Equal([100, 100, 50], node.Requests.Select(request => request.GetProperty("params")[0].GetArrayLength()));
        Assert.Equal(keys.Select(key => key.KeyBytes[0] % 3 == 0 ? (PublicKey?)null : key), answer.Value.Select(info => info is null ? (PublicKey?)null : new PublicKey(info.Data)));
        Assert.Equal(48UL, answer.Context.Slot);
    }

    [Fact]
    public async Task GetProgramAccounts_WithFilters_WritesThemAsTheOfficialClientsDo()
    {
        await using FakeNode node = await FakeNode.StartAsync(FakeNode.Value("""[{"pubkey":"KEY","account":{"data":["","base64"],"executable":false,"lamports":1,"owner":"KEY","rentEpoch":0,"space":113}}]""".Replace("KEY", Key.Key, StringComparison.Ordinal)));
        using RpcClient client = node.Client();
        AccountFilter[] filters = [AccountFilter.MemCmp(0, Convert.FromHexString("c2a96ee6eb0be116")), AccountFilter.MemCmp(40, Key), AccountFilter.DataSize(165)];
        ResponseValue<IReadOnlyList<AccountKeyPair>> answer = await client.GetProgramAccountsAsync(Key, filters, cancellationToken: Cancelled);
        Assert.Equal(Key, Assert.Single(answer.Value).PublicKey);
        AssertParams(
            """["KEY",{"encoding":"base64","commitment":"confirmed","withContext":true,"filters":[{"memcmp":{"offset":0,"bytes":"ZZTu8o6YwNM","encoding":"base58"}},{"memcmp":{"offset":40,"bytes":"KEY","encoding":"base58"}},{"dataSize":165}]}]""",
            node.Requests.Single());
    }

    [Fact]
    public async Task SendTransaction_PreflightFailure_CarriesErrorAndLogs()
    {
        await using FakeNode node = await FakeNode.StartAsync(FakeNode.Error(
            """{"code":-32002,"message":"Transaction simulation failed: Error processing Instruction 2: custom program error: 0x1771","data":{"accounts":null,"err":{"InstructionError":[2,{"Custom":6001}]},"logs":["Program log: AnchorError occurred. Error Code: MarketInWrongState. Error Number: 6001."],"unitsConsumed":1234}}"""));
        using RpcClient client = node.Client();
        RpcException error = await Assert.ThrowsAsync<RpcException>(() => client.SendTransactionAsync(new byte[] { 1, 2 }, cancellationToken: Cancelled));
        Assert.Equal(RpcException.SendTransactionPreflightFailure, error.Code);
        Assert.Equal(new InstructionError(2, "Custom", 6001), error.TransactionError!.InstructionError);
        Assert.Contains("MarketInWrongState", Assert.Single(error.Logs), StringComparison.Ordinal);
        Assert.Equal(1234UL, error.ErrorData!.UnitsConsumed);
        AssertParams("""["AQI=",{"encoding":"base64","skipPreflight":false,"preflightCommitment":"confirmed"}]""", node.Requests.Single());
    }

    [Fact]
    public async Task Call_ErrorWithForeignData_KeepsItRaw()
    {
        await using FakeNode node = await FakeNode.StartAsync(FakeNode.Error("""{"code":-32601,"message":"disabled","data":"see the plans"}"""));
        using RpcClient client = node.Client();
        RpcException error = await Assert.ThrowsAsync<RpcException>(() => client.GetGenesisHashAsync(Cancelled));
        Assert.Null(error.ErrorData);
        Assert.Equal("\"see the plans\"", error.RawErrorData);
        Assert.Empty(error.Logs);
    }

    [Theory]
    [InlineData("\"BlockhashNotFound\"", "BlockhashNotFound", null, null)]
    [InlineData("""{"InstructionError":[0,"ProgramFailedToComplete"]}""", "InstructionError", "ProgramFailedToComplete", null)]
    [InlineData("""{"InstructionError":[1,{"Custom":4294967295}]}""", "InstructionError", "Custom", 4294967295L)]
    [InlineData("""{"InstructionError":[1,{"BorshIoError":"Unknown"}]}""", "InstructionError", "BorshIoError", null)]
    [InlineData("""{"InsufficientFundsForRent":{"account_index":0}}""", "InsufficientFundsForRent", null, null)]
    public async Task GetSignatureStatuses_EveryErrorShape_IsRead(string json, string type, string? instructionError, long? custom)
    {
        await using FakeNode node = await FakeNode.StartAsync(FakeNode.Value($$"""[{"slot":5,"confirmations":null,"err":{{json}},"status":{"Err":{{json}}},"confirmationStatus":"finalized"},null]"""));
        using RpcClient client = node.Client();
        IReadOnlyList<SignatureStatusInfo?> statuses = (await client.GetSignatureStatusesAsync(["a", "b"], true, cancellationToken: Cancelled)).Value;
        TransactionError error = statuses[0]!.Error!;
        Assert.Equal(type, error.Type);
        Assert.Equal(instructionError, error.InstructionError?.Type);
        Assert.Equal(custom, (long?)error.InstructionError?.CustomError);
        Assert.Null(statuses[1]);
        AssertParams("""[["a","b"],{"searchTransactionHistory":true}]""", node.Requests.Single());
    }

    [Fact]
    public async Task GetSignatureStatuses_MoreThan256_IsRefusedHere()
    {
        using var client = new RpcClient(new RpcClientOptions { Endpoints = [new Uri("http://127.0.0.1:1")] }, NullLogger<RpcClient>.Instance);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => client.GetSignatureStatusesAsync([.. Enumerable.Repeat("a", 257)], cancellationToken: Cancelled));
    }

    [Fact]
    public async Task GetTransaction_LandedAndUnknown_AreRead()
    {
        await using FakeNode node = await FakeNode.StartAsync(
            FakeNode.Result("""{"slot":9,"blockTime":1750000000,"version":"legacy","transaction":["AQID","base64"],"meta":{"err":null,"status":{"Ok":null},"fee":5000,"preBalances":[10,1],"postBalances":[5,1],"innerInstructions":[],"logMessages":["a"],"preTokenBalances":[],"postTokenBalances":[{"accountIndex":1,"mint":"nosXBVoaCTtYdLvKY6Csb4AC8JCdQKKAaWYtx2ZMoo7","owner":"AKnL4NNf3DGWZJS6cPknBuEGnVsV4A4m5tgebLHaRSZ9","programId":"TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA","uiTokenAmount":{"amount":"7","decimals":6,"uiAmount":0.000007,"uiAmountString":"0.000007"}}],"rewards":[],"loadedAddresses":{"writable":[],"readonly":[]},"computeUnitsConsumed":150}}"""),
            FakeNode.Result("null"));
        using RpcClient client = node.Client();
        TransactionInfo landed = (await client.GetTransactionAsync("sig", cancellationToken: Cancelled))!;
        Assert.Equal((9UL, 1750000000L, 5000UL), (landed.Slot, landed.BlockTime!.Value, landed.Meta!.Fee));
        Assert.Equal([1, 2, 3], landed.Transaction);
        Assert.Equal(7UL, Assert.Single(landed.Meta.PostTokenBalances!).UiTokenAmount.AmountUlong);
        Assert.Null(await client.GetTransactionAsync("other", cancellationToken: Cancelled));
        AssertParams("""["sig",{"encoding":"base64","maxSupportedTransactionVersion":0,"commitment":"confirmed"}]""", node.Requests.First());
    }

    [Fact]
    public async Task SmallCalls_DocumentedAnswers_AreRead()
    {
        await using FakeNode node = await FakeNode.StartAsync(
            FakeNode.Value("""{"blockhash":"EkSnNWid2cvwEVnVx9aBqawnmiCNiDgp3gUdkDPTKN1N","lastValidBlockHeight":3090}"""),
            FakeNode.Result("""{"absoluteSlot":166598,"blockHeight":166500,"epoch":27,"slotIndex":2790,"slotsInEpoch":8192,"transactionCount":22661093}"""),
            FakeNode.Value("""{"amount":"9864000000","decimals":6,"uiAmount":9864.0,"uiAmountString":"9864"}"""),
            FakeNode.Result("""[{"slot":348125,"prioritizationFee":1234}]"""),
            FakeNode.Value("""{"err":null,"logs":["x"],"unitsConsumed":2366,"returnData":null,"accounts":null}"""),
            FakeNode.Value("null"),
            FakeNode.Result("""{"feature-set":2891131721,"solana-core":"3.0.1"}"""),
            FakeNode.Result("1574721591"),
            FakeNode.Value("true"),
            FakeNode.Result("""[{"err":null,"memo":null,"signature":"5h6x","slot":114,"blockTime":null,"confirmationStatus":"confirmed"}]"""),
            FakeNode.Result("\"ok\""));
        using RpcClient client = node.Client();
        Assert.Equal(new LatestBlockHash("EkSnNWid2cvwEVnVx9aBqawnmiCNiDgp3gUdkDPTKN1N", 3090), (await client.GetLatestBlockHashAsync(cancellationToken: Cancelled)).Value);
        Assert.Equal(new EpochInfo(166598, 166500, 27, 2790, 8192, 22661093), await client.GetEpochInfoAsync(cancellationToken: Cancelled));
        Assert.Equal(9_864_000_000UL, (await client.GetTokenAccountBalanceAsync(Key, cancellationToken: Cancelled)).Value.AmountUlong);
        Assert.Equal(new PrioritizationFeeItem(348125, 1234), Assert.Single(await client.GetRecentPrioritizationFeesAsync([Key], Cancelled)));
        Assert.Equal(2366UL, (await client.SimulateTransactionAsync(new byte[1], cancellationToken: Cancelled)).Value.UnitsConsumed);
        Assert.Null((await client.GetFeeForMessageAsync(Message.Compile(Key, [SystemProgram.Transfer(Key, Key, 1)], Key.Key), cancellationToken: Cancelled)).Value);
        Assert.Equal(new NodeVersion("3.0.1", 2891131721), await client.GetVersionAsync(Cancelled));
        Assert.Equal(1574721591L, await client.GetBlockTimeAsync(5, Cancelled));
        Assert.True((await client.IsBlockHashValidAsync("x", cancellationToken: Cancelled)).Value);
        Assert.Equal("5h6x", Assert.Single(await client.GetSignaturesForAddressAsync(Key, 1, cancellationToken: Cancelled)).Signature);
        Assert.Equal("ok", await client.GetHealthAsync(Cancelled));
        Assert.Equal(
            ["getLatestBlockhash", "getEpochInfo", "getTokenAccountBalance", "getRecentPrioritizationFees", "simulateTransaction", "getFeeForMessage", "getVersion", "getBlockTime", "isBlockhashValid", "getSignaturesForAddress", "getHealth"],
            node.Requests.Select(request => request.GetProperty("method").GetString()));
    }

    private static void AssertParams(string expected, JsonElement request) => Assert.Equal(expected.Replace("KEY", Key.Key, StringComparison.Ordinal), request.GetProperty("params").GetRawText());
}
