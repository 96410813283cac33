using Nosana.Node.HostManager.Review;
using Nosana.Solana.Programs;
using Nosana.Solana.Programs.Models;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;
using static Nosana.Node.Tests.HostManager.Review.ReviewScene;

namespace Nosana.Node.Tests.HostManager.Review;

/// <summary>What a simulation says weighs as much as the bytes: programs on the list call others.</summary>
public sealed class SimulatedReviewTests
{
    /// <summary>Every token account of the scene, with what it may lose.</summary>
    public static TheoryData<string, ulong> Tokens => new()
    {
        { Nos.Key, 0 }, { SecondNos.Key, 0 }, { WrappedSolToken.Key, 0 }, { NftToken.Key, 0 }, { KeyToken.Key, 1 },
    };

    [Theory]
    [InlineData(1_000_000_000UL, true)]
    [InlineData(950_000_001UL, true)]
    [InlineData(950_000_000UL, false)]
    [InlineData(0UL, false)]
    [InlineData(ulong.MaxValue, true)]
    public void Weigh_LamportsAfterwards_LessThanTheLimitMayLeave(ulong after, bool maySign) =>
        Assert.Equal(maySign, Weigh(Wallet, Reviewed.Accounts[Wallet] with { Lamports = after }).MaySign);

    [Fact]
    public void Weigh_WalletOfAProgram_Refused()
    {
        Assert.False(Weigh(Wallet, Reviewed.Accounts[Wallet] with { Owner = Key(9) }).MaySign);
        Assert.False(Weigh(Wallet, Reviewed.Accounts[Wallet] with { Data = [0] }).MaySign);
    }

    [Theory]
    [MemberData(nameof(Tokens))]
    public void Weigh_TokensAfterwards_NoneMayLeaveButWhatIsAllowed(string address, ulong allowed)
    {
        TokenAccount old = Reviewed.TokenAt(new PublicKey(address))!;

        Assert.True(Weigh(address, old with { Amount = old.Amount }).MaySign);
        Assert.True(Weigh(address, old with { Amount = old.Amount + 5 }).MaySign);
        Assert.Equal(allowed > 0, Weigh(address, old with { Amount = old.Amount - 1 }).MaySign);
        Assert.Equal(allowed > 0, Weigh(new PublicKey(address), null).MaySign);
    }

    [Theory]
    [MemberData(nameof(Tokens))]
    public void Weigh_RightsOverAnyTokenAccount_Refused(string address, ulong allowed)
    {
        TokenAccount old = Reviewed.TokenAt(new PublicKey(address))!;

        Assert.Contains("belong to", Assert.Single(Weigh(address, old with { Owner = Stranger }).Objections), StringComparison.Ordinal);
        Assert.Contains("could spend", Assert.Single(Weigh(address, old with { Delegate = Stranger, DelegatedAmount = 1 }).Objections), StringComparison.Ordinal);
        Assert.Contains("could close", Assert.Single(Weigh(address, old with { CloseAuthority = Stranger }).Objections), StringComparison.Ordinal);
        Assert.Contains("Frozen", Assert.Single(Weigh(address, old with { State = TokenAccountState.Frozen }).Objections), StringComparison.Ordinal);
        Assert.InRange(allowed, 0UL, 1UL); // what may leave gives nobody a right over what stays
    }

    [Fact]
    public void Weigh_OldDelegateWithMore_Refused()
    {
        TokenAccount delegated = Reviewed.TokenAt(Nos)! with { Delegate = Stranger, DelegatedAmount = 5 };
        ReviewedWallet wallet = Reviewed with { Accounts = new Dictionary<PublicKey, AccountInfo>(Reviewed.Accounts) { [Nos] = Token(delegated) } };

        Assert.True(SimulationReview.Weigh(wallet, After(Nos, Token(delegated))).MaySign);
        Assert.False(SimulationReview.Weigh(wallet, After(Nos, Token(delegated with { DelegatedAmount = 6 }))).MaySign);
    }

    [Fact]
    public void Weigh_AllowedMintOutOfTwoAccounts_CountedTogether()
    {
        PublicKey second = Key(63);
        ReviewedWallet wallet = Reviewed with { Accounts = new Dictionary<PublicKey, AccountInfo>(Reviewed.Accounts) { [second] = Reviewed.Accounts[KeyToken] } };
        AccountInfo empty = Token(Reviewed.TokenAt(KeyToken)! with { Amount = 0 });

        Assert.True(SimulationReview.Weigh(wallet, After(KeyToken, empty)).MaySign);
        Assert.Contains("at most 1 may", Assert.Single(SimulationReview.Weigh(wallet, After((KeyToken, empty), (second, empty))).Objections), StringComparison.Ordinal);
    }

    [Fact]
    public void Weigh_NewTokenAccount_MustBeTheWalletsAlone()
    {
        var fresh = new TokenAccount(ReviewScene.Mint, Wallet, 1, null, TokenAccountState.Initialized, null, 0, null);
        ReviewedWallet without = Reviewed with { Accounts = Reviewed.Accounts.Where(pair => pair.Key != Nos).ToDictionary() };

        Assert.True(Weigh(Key(64), Token(fresh)).MaySign);
        Assert.False(Weigh(Key(64), Token(fresh with { Delegate = Stranger })).MaySign);
        Assert.False(Weigh(Key(64), Token(fresh with { CloseAuthority = Stranger })).MaySign);
        Assert.True(Weigh(Key(64), Token(fresh with { Owner = Stranger })).MaySign);
        Assert.False(SimulationReview.Weigh(without, After(Nos, Token(fresh with { Mint = Addresses.NosMint, Owner = Stranger }))).MaySign);
    }

    [Fact]
    public void Weigh_AccountsThatNameTheWallet_MustStayAsTheyAre()
    {
        PublicKey account = Key(65);
        byte[] naming = [1, 2, 3, .. Wallet.KeyBytes, 4, 5];
        foreach (PublicKey program in (PublicKey[])[Addresses.Staking, WellKnownAddresses.TokenProgram, WellKnownAddresses.SystemProgram, Key(66)])
        {
            AccountInfo old = Program(program, naming);
            ReviewedWallet wallet = Reviewed with { Accounts = new Dictionary<PublicKey, AccountInfo>(Reviewed.Accounts) { [account] = old } };

            Assert.True(SimulationReview.Weigh(wallet, After(account, old with { Lamports = old.Lamports + 1 })).MaySign);
            Assert.False(SimulationReview.Weigh(wallet, After(account, old with { Lamports = old.Lamports - 1 })).MaySign);
            Assert.False(SimulationReview.Weigh(wallet, After(account, old with { Data = [9, .. naming[1..]] })).MaySign);
            Assert.False(SimulationReview.Weigh(wallet, After(account, old with { Owner = Key(67) })).MaySign);
            Assert.False(SimulationReview.Weigh(wallet, After(account, null)).MaySign);
        }
    }

    [Fact]
    public void Weigh_QueueThatNamesTheWallet_MayChange()
    {
        PublicKey market = Key(65);
        ReviewedWallet wallet = Reviewed with
        {
            Accounts = new Dictionary<PublicKey, AccountInfo>(Reviewed.Accounts) { [market] = Program(Addresses.Jobs, [.. Wallet.KeyBytes]) },
        };

        Assert.True(SimulationReview.Weigh(wallet, After(market, Program(Addresses.Jobs, new byte[32]))).MaySign);
    }

    [Fact]
    public void Weigh_StakeVault_MustStayAsItIs()
    {
        PublicKey vault = Addresses.StakeVault(Wallet).Address;
        AccountInfo staked = Token(new(Addresses.NosMint, vault, 700, null, TokenAccountState.Initialized, null, 0, null));
        ReviewedWallet wallet = Reviewed with { Accounts = new Dictionary<PublicKey, AccountInfo>(Reviewed.Accounts) { [vault] = staked } };

        Assert.False(SimulationReview.Weigh(wallet, After(vault, Token(new(Addresses.NosMint, vault, 0, null, TokenAccountState.Initialized, null, 0, null)))).MaySign);
        Assert.True(SimulationReview.Weigh(wallet, After(vault, staked)).MaySign);
    }

    private static ReviewOutcome Weigh(string address, TokenAccount after) => Weigh(new PublicKey(address), Token(after));

    private static ReviewOutcome Weigh(PublicKey address, AccountInfo? after) => SimulationReview.Weigh(Reviewed, After(address, after));

    private static Dictionary<PublicKey, AccountInfo?> After(PublicKey address, AccountInfo? after) => After((address, after));

    private static Dictionary<PublicKey, AccountInfo?> After(params (PublicKey Address, AccountInfo? Info)[] changed)
    {
        var after = new Dictionary<PublicKey, AccountInfo?> { [Wallet] = Reviewed.Accounts[Wallet] };
        foreach ((PublicKey address, AccountInfo? info) in changed) after[address] = info;
        return after;
    }
}
