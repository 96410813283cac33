using Nosana.Solana.Wallet.Utilities;

namespace Nosana.Solana.Tests.Wallet;

public sealed class Base58Tests
{
    /// <summary>Texts from strangers: of the right length, and with one character that is none of the alphabet's.</summary>
    [Theory]
    [InlineData('0')]
    [InlineData('\u007F')]
    [InlineData('\u0080')]
    [InlineData('\u00E9')]
    [InlineData('\u0100')]
    [InlineData('\uFFFD')]
    [InlineData('\uD800')]
    public void TryDecodeData_ACharacterOutsideTheAlphabet_IsNone(char stranger)
    {
        string text = string.Concat(stranger.ToString(), new string('2', 86));
        Assert.False(Encoders.Base58.TryDecodeData(text, 64, out _));
        Assert.False(Encoders.Base58.TryDecodeData(text[1..] + stranger, 64, out _));
    }
}
