using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.LocalNet.Runtime;
using Nosana.Node.Chain;
using Nosana.Node.HostManager;
using Nosana.Node.HostManager.Review;
using Nosana.Node.Journal;
using Nosana.Programs;
using Nosana.Programs.Accounts;
using Nosana.Solana.Programs;
using Nosana.Solana.Programs.Models;
using Nosana.Solana.Rpc;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Rpc.Sending;
using Nosana.Solana.Wallet;
using Nosana.Testing;

namespace Nosana.Node.Tests.HostManager;

/// <summary>A host manager that wants what the wallet has, on an embedded network: what it asks to sign is refused, and nothing has left.</summary>
public sealed class HostileManagerTests : IAsyncLifetime
{
    private readonly JournalStore _journal = JournalStore.InMemory(TimeProvider.System);
    private ManagerScene _scene = null!;
    private RpcClient _rpc = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Account HostKey => HostAuthorizationTests.KeyA;

    private static PublicKey Host => HostKey.PublicKey;

    /// <summary>Issues tokens, signs what the host manager sends, and would like to have the wallet's.</summary>
    private Account Issuer => _scene.Network.Keys.Poster;

    private ProgramAddresses Programs => _scene.Network.Sets[0].Programs;

    public async ValueTask InitializeAsync()
    {
        _scene = await ManagerScene.StartAsync();
        _rpc = new RpcClient(new RpcClientOptions { Endpoints = [_scene.Network.RpcUri] }, NullLogger<RpcClient>.Instance);
        await _rpc.RequestAirdropAsync(Host, 1_000_000_000, cancellationToken: Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        _rpc.Dispose();
        _journal.Dispose();
        await _scene.DisposeAsync();
    }

    [Fact]
    public async Task Change_TakesAnotherSplToken_Refused()
    {
        PublicKey token = Hold(Key(40), amount: 5_000), theirs = Hold(Key(40), amount: 0, owner: Issuer.PublicKey);

        Assert.Contains("of which nothing may leave", await ChangeAsync(HonestNode(), TokenProgram.Transfer(token, theirs, 5_000, Host)), StringComparison.Ordinal);
        Assert.Equal(5_000UL, AmountOf(token));
    }

    [Fact]
    public async Task Change_TakesAnNft_Refused()
    {
        PublicKey token = Hold(Key(40), amount: 1), theirs = Hold(Key(40), amount: 0, owner: Issuer.PublicKey);
        Describe(Key(40), collection: Key(41), verified: true);
        Describe(Key(41), authority: Key(42)); // whoever issued it does not sign

        Assert.Contains("of which nothing may leave", await ChangeAsync(HonestNode(), TokenProgram.Transfer(token, theirs, 1, Host)), StringComparison.Ordinal);
        Assert.Equal(1UL, AmountOf(token));
    }

    [Fact]
    public async Task Change_TakesAnNftThatOnlyClaimsTheIssuersCollection_Refused()
    {
        PublicKey token = Hold(Key(40), amount: 1), theirs = Hold(Key(40), amount: 0, owner: Issuer.PublicKey);
        Describe(Key(40), collection: Key(41), verified: false);
        Describe(Key(41), authority: Issuer.PublicKey);

        Assert.Contains("of which nothing may leave", await ChangeAsync(HonestNode(), TokenProgram.Transfer(token, theirs, 1, Host)), StringComparison.Ordinal);
        Assert.Equal(1UL, AmountOf(token));
    }

    [Fact]
    public async Task Change_TakesASecondNosAccount_Refused()
    {
        PublicKey hidden = Hold(Programs.NosMint, amount: 9_000_000, place: Key(43)), theirs = Programs.NosTokenAccount(Issuer.PublicKey);

        Assert.Contains("of which nothing may leave", await ChangeAsync(HonestNode(), TokenProgram.Transfer(hidden, theirs, 9_000_000, Host)), StringComparison.Ordinal);
        Assert.Equal(9_000_000UL, AmountOf(hidden));
    }

    [Fact]
    public async Task Change_IssuerTakesItsOwnAccessKeyBack_SignedAndGone()
    {
        PublicKey token = Hold(Key(40), amount: 1), theirs = Hold(Key(40), amount: 0, owner: Issuer.PublicKey);
        Describe(Key(40), collection: Key(41), verified: true);
        Describe(Key(41), authority: Issuer.PublicKey);

        Assert.Null(await ChangeAsync(HonestNode(), TokenProgram.Transfer(token, theirs, 1, Host)));
        Assert.Equal(0UL, AmountOf(token));
    }

    [Fact]
    public async Task Change_IssuerTakesMoreThanOneKey_Refused()
    {
        PublicKey token = Hold(Key(40), amount: 2), theirs = Hold(Key(40), amount: 0, owner: Issuer.PublicKey);
        Describe(Key(40), collection: Key(41), verified: true);
        Describe(Key(41), authority: Issuer.PublicKey);

        Assert.Contains("at most 1 may",
            await ChangeAsync(HonestNode(), TokenProgram.Transfer(token, theirs, 1, Host), TokenProgram.Transfer(token, theirs, 1, Host)), StringComparison.Ordinal);
        Assert.Equal(2UL, AmountOf(token));
    }

    /// <summary>The control of the review's endpoint: the same theft succeeds when the thief's own node tells what is whose.</summary>
    [Fact]
    public async Task Change_ReviewedOnTheAuthorsOwnNode_TheNftIsGone()
    {
        PublicKey token = Hold(Key(40), amount: 1), theirs = Hold(Key(40), amount: 0, owner: Issuer.PublicKey);
        TransactionInstruction theft = TokenProgram.Transfer(token, theirs, 1, Host);
        var lying = new LyingNode(new Dictionary<PublicKey, AccountInfo>
        {
            [ProgramAddresses.Metadata(Key(40)).Address] = Metadata(Key(40), Issuer.PublicKey, new TokenCollection(Verified: true, Key(41))),
            [ProgramAddresses.Metadata(Key(41)).Address] = Metadata(Key(41), Issuer.PublicKey, null),
        });
        using var theirNode = new RpcClient(new RpcClientOptions { Endpoints = [_scene.Network.RpcUri] }, NullLogger<RpcClient>.Instance, handler: lying);

        Assert.Contains("of which nothing may leave", await ChangeAsync(HonestNode(), theft), StringComparison.Ordinal);
        Assert.Equal(1UL, AmountOf(token));

        Assert.Null(await ChangeAsync(theirNode, theft));
        Assert.Equal(0UL, AmountOf(token));
    }

    [Fact]
    public async Task Change_NoNodeButTheAuthors_RefusedWithASentence()
    {
        PublicKey theirs = Programs.NosTokenAccount(Issuer.PublicKey);

        string? problem = await ChangeAsync(node: null, TokenProgram.Transfer(Programs.NosTokenAccount(Host), theirs, 1, Host));

        Assert.Contains("Name one with --rpc", problem, StringComparison.Ordinal);
    }

    private RpcClient HonestNode() => new(new RpcClientOptions { Endpoints = [_scene.Network.RpcUri] }, NullLogger<RpcClient>.Instance);

    /// <summary>Asks for a change of market with a transaction of these instructions, signed by the issuer.</summary>
    /// <returns>Why it was refused; null when it was signed and landed.</returns>
    private async Task<string?> ChangeAsync(RpcClient? node, params TransactionInstruction[] instructions)
    {
        using var review = new ReviewNode(node);
        var changer = new MarketChanger(
            _scene.Client, new NosanaChain(_rpc, Programs), review,
            new TransactionOutbox(new TransactionSender(_rpc, NullLogger<TransactionSender>.Instance), _journal, NullLogger<TransactionOutbox>.Instance),
            new HostWallet(HostKey), _scene.Clock, _scene.Logs.CreateLogger<MarketChanger>());
        var transaction = new Transaction(Message.Compile(
            Host, [.. instructions, SystemProgram.Transfer(Issuer.PublicKey, Host, 1)], (await _rpc.GetLatestBlockHashAsync(cancellationToken: Cancel)).Value.Blockhash));
        transaction.PartialSign(Issuer);
        _scene.Manager.ChangeTransaction = _ => transaction.Serialize();
        try
        {
            Task<PublicKey> changing = changer.ChangeAsync(Cancel);
            await Eventually.EndsAsync(changing, _scene.Clock, TimeSpan.FromMilliseconds(50));
            await changing;
            return null;
        }
        catch (MarketChangeException e)
        {
            return e.Message;
        }
    }

    /// <summary>Puts a token account with its mint on the network.</summary>
    private PublicKey Hold(PublicKey mint, ulong amount, PublicKey? owner = null, PublicKey? place = null)
    {
        PublicKey holder = owner ?? Host, address = place ?? AssociatedTokenAccount.Derive(holder, mint);
        if (mint != Programs.NosMint) Set(mint, WellKnownAddresses.TokenProgram, new Mint(null, 10_000, 0, IsInitialized: true, null).Serialize());
        Set(address, WellKnownAddresses.TokenProgram, new TokenAccount(mint, holder, amount, null, TokenAccountState.Initialized, null, 0, null).Serialize());
        return address;
    }

    private void Describe(PublicKey mint, PublicKey authority = default, PublicKey? collection = null, bool verified = false)
    {
        AccountInfo metadata = Metadata(mint, authority, collection is { } key ? new TokenCollection(verified, key) : null);
        Set(ProgramAddresses.Metadata(mint).Address, metadata.Owner, metadata.Data);
    }

    private static AccountInfo Metadata(PublicKey mint, PublicKey authority, TokenCollection? collection) => new()
    {
        Lamports = 5_616_720,
        Owner = WellKnownAddresses.TokenMetadataProgram,
        Data = new TokenMetadata { Mint = mint, UpdateAuthority = authority, Name = "A token", Collection = collection }.Encode(),
    };

    private void Set(PublicKey address, PublicKey program, byte[] data) =>
        _scene.Network.Bank.SetAccount(address, new AccountState(10_000_000, program, data));

    private ulong AmountOf(PublicKey token) => TokenAccount.Deserialize(_scene.Network.Bank.GetAccount(token)!.Data.Span).Amount;

    private static PublicKey Key(byte number) => new([number, .. new byte[30], number]);
}
