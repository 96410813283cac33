using Nosana.Node.HostManager.Review;
using Nosana.Solana.Wallet;
using static Nosana.Node.Tests.HostManager.Review.ReviewScene;

namespace Nosana.Node.Tests.HostManager.Review;

/// <summary>What a simulation says weighs as much as the bytes: programs on the list call others.</summary>
public sealed class SimulatedReviewTests
{
    private static readonly TokenBalances s_nos = new(Wallet, 1_000, null, 0, null);
    private static readonly WalletBalances s_before = new(Wallet, 1_000_000_000, IsOrdinary: true, new Dictionary<PublicKey, TokenBalances> { [Nos] = s_nos });

    [Theory]
    [InlineData(1_000_000_000UL, true)]
    [InlineData(950_000_001UL, true)]
    [InlineData(950_000_000UL, false)]
    [InlineData(0UL, false)]
    [InlineData(ulong.MaxValue, true)]
    public void Weigh_LamportsAfterwards_LessThanTheLimitMayLeave(ulong after, bool maySign) => Assert.Equal(maySign, TransactionReview.Weigh(s_before, s_before with { Lamports = after }).MaySign);

    [Theory]
    [InlineData(1_000UL, true)]
    [InlineData(1_001UL, true)]
    [InlineData(999UL, false)]
    public void Weigh_NosAfterwards_NoneMayLeave(ulong after, bool maySign) => Assert.Equal(maySign, Weigh(s_nos with { Amount = after }).MaySign);

    [Fact]
    public void Weigh_NosAccountClosed_Refused() => Assert.False(TransactionReview.Weigh(s_before, s_before with { Money = new Dictionary<PublicKey, TokenBalances>() }).MaySign);

    [Fact]
    public void Weigh_NosAccountOfSomeoneElse_Refused() => Assert.Contains(Stranger.Key, Assert.Single(Weigh(s_nos with { Owner = Stranger }).Objections), StringComparison.Ordinal);

    [Fact]
    public void Weigh_NewDelegate_Refused() => Assert.Contains("could spend", Assert.Single(Weigh(s_nos with { Delegate = Stranger, DelegatedAmount = 1 }).Objections), StringComparison.Ordinal);

    [Fact]
    public void Weigh_OldDelegateWithMore_Refused()
    {
        TokenBalances delegated = s_nos with { Delegate = Stranger, DelegatedAmount = 5 };
        WalletBalances before = s_before with { Money = new Dictionary<PublicKey, TokenBalances> { [Nos] = delegated } };

        Assert.True(TransactionReview.Weigh(before, before).MaySign);
        Assert.False(TransactionReview.Weigh(before, s_before with { Money = new Dictionary<PublicKey, TokenBalances> { [Nos] = delegated with { DelegatedAmount = 6 } } }).MaySign);
    }

    [Fact]
    public void Weigh_NewCloseAuthority_Refused() => Assert.Contains("could close", Assert.Single(Weigh(s_nos with { CloseAuthority = Stranger }).Objections), StringComparison.Ordinal);

    [Fact]
    public void Weigh_WalletOfAProgram_Refused() => Assert.False(TransactionReview.Weigh(s_before, s_before with { IsOrdinary = false }).MaySign);

    [Fact]
    public void Weigh_NewNosAccount_MustBeTheWalletsAlone()
    {
        WalletBalances none = s_before with { Money = new Dictionary<PublicKey, TokenBalances>() };

        Assert.True(TransactionReview.Weigh(none, s_before).MaySign);
        Assert.False(TransactionReview.Weigh(none, s_before with { Money = new Dictionary<PublicKey, TokenBalances> { [Nos] = s_nos with { Delegate = Stranger } } }).MaySign);
    }

    private static ReviewOutcome Weigh(TokenBalances after) => TransactionReview.Weigh(s_before, s_before with { Money = new Dictionary<PublicKey, TokenBalances> { [Nos] = after } });
}
