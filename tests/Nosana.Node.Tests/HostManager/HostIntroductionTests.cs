using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging;
using Nosana.Node.Chain;
using Nosana.Node.HostManager;
using Nosana.Node.HostManager.Review;
using Nosana.Node.Journal;
using Nosana.Programs;
using Nosana.Solana.Programs;
using Nosana.Solana.Rpc;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Rpc.Sending;
using Nosana.Solana.Wallet;
using Nosana.Testing;

namespace Nosana.Node.Tests.HostManager;

/// <summary>What start says and does for every answer, and what it signs.</summary>
public sealed class HostIntroductionTests : IAsyncLifetime
{
    private readonly JournalStore _journal = JournalStore.InMemory(TimeProvider.System);
    private ManagerScene _scene = null!;
    private RpcClient _rpc = null!;
    private ReviewNode _node = null!;
    private MarketChanger _changer = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Account HostKey => HostAuthorizationTests.KeyA;

    private ProgramAddresses Programs => _scene.Network.Sets[0].Programs;

    public async ValueTask InitializeAsync()
    {
        _scene = await ManagerScene.StartAsync();
        _rpc = new RpcClient(new RpcClientOptions { Endpoints = [_scene.Network.RpcUri] }, NullLogger<RpcClient>.Instance);
        await _rpc.RequestAirdropAsync(HostKey.PublicKey, 1_000_000_000, cancellationToken: Cancel);
        _node = new ReviewNode(new RpcClient(new RpcClientOptions { Endpoints = [_scene.Network.RpcUri] }, NullLogger<RpcClient>.Instance));
        _changer = new MarketChanger(_scene.Client, new NosanaChain(_rpc, Programs), _node, new TransactionOutbox(new TransactionSender(_rpc, _scene.Logs.CreateLogger<TransactionSender>()), _journal, _scene.Logs.CreateLogger<TransactionOutbox>()), new HostWallet(HostKey), _scene.Clock, _scene.Logs.CreateLogger<MarketChanger>());
    }

    public async ValueTask DisposeAsync()
    {
        _node.Dispose();
        _rpc.Dispose();
        _journal.Dispose();
        await _scene.DisposeAsync();
    }

    [Fact]
    public async Task Greet_AllIsWell_StatusThenSpecs()
    {
        await _scene.Introduction.GreetAsync(ManagerScene.Specs, Cancel);

        Assert.Equal([$"/nodes/{HostKey}", $"/nodes/{HostKey}/submit-system-specs"], _scene.Manager.Requests.Select(request => request.Path));
        Assert.All(_scene.Logs.Lines, line => Assert.StartsWith("Information", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("WAITLISTED", "not accepted yet (WAITLISTED)")]
    [InlineData(null, "does not know this host")]
    public async Task Greet_HostNotAccepted_SaysWhatItCanServe(string? status, string words)
    {
        _scene.Manager.DefaultStatus = status;

        await _scene.Introduction.GreetAsync(ManagerScene.Specs, Cancel);

        Assert.Contains(_scene.Logs.Lines, line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains(words, StringComparison.Ordinal) && line.Contains("no access key", StringComparison.Ordinal));
    }

    public static TheoryData<string, string> Faults => new() { { "status", "status 503" }, { "nonsense", "no JSON" }, { "error", "out of order" }, { "silence", "no answer within 10 s" } };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task EveryCall_FaultOfTheService_IsExplainedAndPassedOver(string fault, string words)
    {
        Strike(fault);
        Task all = AllAsync();
        await Eventually.EndsAsync(all, _scene.Clock, TimeSpan.FromSeconds(1));
        await all;

        // The answer to the specs is not read: nonsense with a good status is a success there.
        Assert.All(_scene.Logs.Lines, line => Assert.True(line.StartsWith("Warning", StringComparison.Ordinal) || fault == "nonsense" && line.Contains("Told the host manager", StringComparison.Ordinal), line));
        Assert.Contains(_scene.Logs.Lines, line => line.Contains(words, StringComparison.Ordinal) && line.Contains("--rpc", StringComparison.Ordinal));
        Assert.Contains(_scene.Logs.Lines, line => line.Contains(words, StringComparison.Ordinal) && line.Contains("--market", StringComparison.Ordinal));
        Assert.Contains(_scene.Logs.Lines, line => line.Contains(words, StringComparison.Ordinal) && line.Contains("starts all the same", StringComparison.Ordinal));

        async Task AllAsync()
        {
            Assert.Null(await _scene.Introduction.ChooseRpcAsync(Cancel));
            await _scene.Introduction.GreetAsync(ManagerScene.Specs, Cancel);
            Assert.Null(await _scene.Introduction.ChooseMarketAsync(ManagerScene.Specs, _changer, Cancel));
            await _scene.Introduction.LookAtResourcesAsync(_scene.Manager.Market, Cancel);
        }
    }

    [Fact]
    public async Task ChooseRpc_Given_UsedAndNotPrinted()
    {
        _scene.Manager.Rpc = new Uri("https://rpc.example/secret-key");

        Assert.Equal(_scene.Manager.Rpc, await _scene.Introduction.ChooseRpcAsync(Cancel));
        Assert.DoesNotContain(_scene.Logs.Lines, line => line.Contains("secret-key", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ChooseMarket_Recommended_ThatOne() => Assert.Equal(_scene.Manager.Market, await _scene.Introduction.ChooseMarketAsync(ManagerScene.Specs, _changer, Cancel));

    [Fact]
    public async Task ChooseMarket_ChangeWithAGoodTransaction_SignedSentAndSynced()
    {
        using var mint = new Account();
        byte[] transaction = await MintingAsync(mint);
        _scene.Manager.NeedsChangeMarket = true;
        _scene.Manager.ChangeTransaction = _ => transaction;

        Task<PublicKey?> choosing = _scene.Introduction.ChooseMarketAsync(ManagerScene.Specs, _changer, Cancel);
        await Eventually.EndsAsync(choosing, _scene.Clock, TimeSpan.FromMilliseconds(50));

        Assert.True(await choosing == _scene.Manager.Market, string.Join('\n', _scene.Logs.Lines));
        Assert.Equal(1UL, (await _rpc.GetTokenAccountBalanceAsync(AssociatedTokenAccount.Derive(HostKey.PublicKey, mint.PublicKey), cancellationToken: Cancel)).Value.AmountUlong);
        Assert.Equal(["check-market", "change-market", "sync-node"], _scene.Manager.Requests.Select(request => request.Path.Split('/')[^1]));
        Assert.Contains(_scene.Logs.Lines, line => line.Contains("Signing", StringComparison.Ordinal) && line.Contains(mint.PublicKey.Key, StringComparison.Ordinal));
        Assert.Empty(_journal.UnsettledTransactions("change-market"));
    }

    [Fact]
    public async Task ChooseMarket_ChangeSentBeforeACrash_SettledAndAskedAgainBeforeAnother()
    {
        Transaction sent = await CompileAsync(SystemProgram.Transfer(HostKey.PublicKey, _scene.Network.Keys.Poster.PublicKey, 1_000_000));
        sent.PartialSign(HostKey);
        await _rpc.SendTransactionAsync(sent.Serialize(), cancellationToken: Cancel);
        _journal.SaveTransaction(new SentTransaction(sent.Signature, "change-market", ulong.MaxValue / 4, "sent"));
        _scene.Manager.NeedsChangeMarket = true;

        Task<PublicKey?> choosing = _scene.Introduction.ChooseMarketAsync(ManagerScene.Specs, _changer, Cancel);
        await Eventually.EndsAsync(choosing, _scene.Clock, TimeSpan.FromMilliseconds(50));

        Assert.Null(await choosing); // the stand-in still wants a change, and has none to offer
        Assert.Equal(["check-market", "sync-node", "check-market", "change-market"], _scene.Manager.Requests.Select(request => request.Path.Split('/')[^1]));
        Assert.Equal("confirmed", Assert.Single(_journal.Transactions("change-market")).State);
    }

    [Fact]
    public async Task ChooseMarket_TransactionThatTakesSol_RefusedAndPrinted()
    {
        byte[] transaction = await UnsignedAsync(SystemProgram.Transfer(HostKey.PublicKey, _scene.Network.Keys.Poster.PublicKey, 60_000_000));

        await RefusesAsync(transaction, "may leave");
    }

    [Fact]
    public async Task ChooseMarket_TransactionThatTakesNos_RefusedAndPrinted()
    {
        byte[] transaction = await UnsignedAsync(TokenProgram.Transfer(Programs.NosTokenAccount(HostKey.PublicKey), Programs.NosTokenAccount(_scene.Network.Keys.Poster.PublicKey), 1, HostKey.PublicKey));

        await RefusesAsync(transaction, "takes from, or gives away");
    }

    [Fact]
    public async Task ChooseMarket_TransactionThatFailsItsSimulation_Refused()
    {
        // There is no such mint: only the simulation knows.
        byte[] transaction = await UnsignedAsync(AssociatedTokenAccountProgram.CreateIdempotent(HostKey.PublicKey, HostKey.PublicKey, _scene.Network.Keys.Faucet.PublicKey));

        await RefusesAsync(transaction, "simulation fails");
    }

    [Fact]
    public async Task ChooseMarket_BytesThatAreNoTransaction_Refused() => await RefusesAsync([1, 2, 3], "not a transaction");

    private async Task RefusesAsync(byte[] transaction, string because)
    {
        _scene.Manager.NeedsChangeMarket = true;
        _scene.Manager.ChangeTransaction = _ => transaction;
        ulong before = (await _rpc.GetBalanceAsync(HostKey.PublicKey, cancellationToken: Cancel)).Value;

        Assert.Null(await _scene.Introduction.ChooseMarketAsync(ManagerScene.Specs, _changer, Cancel));

        Assert.Equal(before, (await _rpc.GetBalanceAsync(HostKey.PublicKey, cancellationToken: Cancel)).Value);
        Assert.Contains(_scene.Logs.Lines, line => line.Contains(because, StringComparison.Ordinal));
        Assert.DoesNotContain(_scene.Logs.Lines, line => line.Contains("Signing", StringComparison.Ordinal));
        Assert.Equal("change-market", _scene.Manager.Requests[^1].Path.Split('/')[^1]);
    }

    /// <summary>A token of its own for the host, paid by the host, with the mint's signature on it.</summary>
    private async Task<byte[]> MintingAsync(Account mint)
    {
        ulong rent = await _rpc.GetMinimumBalanceForRentExemptionAsync(TokenProgram.MintAccountDataSize, cancellationToken: Cancel);
        Transaction transaction = await CompileAsync(
            SystemProgram.CreateAccount(HostKey.PublicKey, mint.PublicKey, rent, TokenProgram.MintAccountDataSize, WellKnownAddresses.TokenProgram),
            TokenProgram.InitializeMint2(mint.PublicKey, 0, HostKey.PublicKey),
            AssociatedTokenAccountProgram.CreateIdempotent(HostKey.PublicKey, HostKey.PublicKey, mint.PublicKey),
            TokenProgram.MintTo(mint.PublicKey, AssociatedTokenAccount.Derive(HostKey.PublicKey, mint.PublicKey), 1, HostKey.PublicKey));
        transaction.PartialSign(mint);
        return transaction.Serialize();
    }

    private async Task<byte[]> UnsignedAsync(params TransactionInstruction[] instructions) => (await CompileAsync(instructions)).Serialize();

    private async Task<Transaction> CompileAsync(params TransactionInstruction[] instructions) =>
        new(Message.Compile(HostKey.PublicKey, instructions, (await _rpc.GetLatestBlockHashAsync(cancellationToken: Cancel)).Value.Blockhash));

    private void Strike(string fault)
    {
        switch (fault)
        {
            case "status": _scene.Network.Faults.HostManagerStatus = 503; break;
            case "nonsense": _scene.Network.Faults.HostManagerAnswer = "<html>no</html>"; break;
            case "error": _scene.Network.Faults.HostManagerAnswer = """{"name":"Error","message":"out of order"}"""; break;
            default: _scene.Network.Faults.HostManagerSilent = true; break;
        }
    }
}
