using System.Text;
using Nosana.Solana.Programs;
using Nosana.Solana.Wallet;

namespace Nosana.Solana.Tests.Wallet;

public sealed class PublicKeyTests
{
    private static readonly PublicKey Wallet = new("AKnL4NNf3DGWZJS6cPknBuEGnVsV4A4m5tgebLHaRSZ9");
    private static readonly PublicKey Mint = new("nosXBVoaCTtYdLvKY6Csb4AC8JCdQKKAaWYtx2ZMoo7");
    private static readonly PublicKey Staking = new("nosScmHY2uR24Zh751PmGj9ww9QRNHewh9H59AfrTJE");
    private static readonly PublicKey Rewards = new("nosRB8DUV67oLNrL45bo2pFLrmsWPiewe2Lk2DRNYCp");

    [Fact]
    public void TryFindProgramAddress_StakeOfWallet_MatchesVector()
    {
        Assert.True(PublicKey.TryFindProgramAddress([Encoding.ASCII.GetBytes("stake"), Mint.KeyBytes, Wallet.KeyBytes], Staking, out PublicKey stake, out byte bump));
        Assert.Equal("EbokyEAA8uDNPUEogg2YGYzNUaZeGPoB8zJJt6Nd4zZr", stake.Key);
        Assert.Equal(255, bump);
    }

    [Fact]
    public void TryFindProgramAddress_RewardOfWallet_SkipsBumpsOnTheCurve()
    {
        Assert.True(PublicKey.TryFindProgramAddress([Encoding.ASCII.GetBytes("reward"), Wallet.KeyBytes], Rewards, out PublicKey reward, out byte bump));
        Assert.Equal("9h9AoWsZUdCkrWL36LxhmcidddmYYFD9vFC5u9DU6Wsw", reward.Key);
        Assert.Equal(251, bump);
    }

    [Fact]
    public void TryFindProgramAddress_AssociatedTokenAccount_MatchesVector()
    {
        Assert.True(PublicKey.TryFindProgramAddress([Wallet.KeyBytes, WellKnownAddresses.TokenProgram.KeyBytes, Mint.KeyBytes], WellKnownAddresses.AssociatedTokenProgram, out PublicKey ata, out _));
        Assert.Equal("CaCifSg18g2djmbjQZ9pXpeWkQPi4RXyLYdJfFd5isxP", ata.Key);
    }

    [Theory]
    [InlineData("")]
    [InlineData("O0Il")]
    [InlineData("AKnL4NNf3DGWZJS6cPknBuEGnVsV4A4m5tgebLHaRSZ9AKnL4NNf3DGWZJS6cPknBuEGnVsV4A4m5tgebLHaRSZ9")]
    [InlineData("AKnL4NNf3DGWZJS6cPknBuEGnVsV4A4m5tgebLHaRS")]
    public void TryParse_NotAnAddress_IsFalse(string text) => Assert.False(PublicKey.TryParse(text, out _));

    [Fact]
    public void Key_OfParsedKey_RoundTrips()
    {
        Assert.Equal("11111111111111111111111111111111", WellKnownAddresses.SystemProgram.Key);
        Assert.True(WellKnownAddresses.SystemProgram.IsZero);
        Assert.Equal(Wallet, new PublicKey(Wallet.KeyBytes));
    }
}
