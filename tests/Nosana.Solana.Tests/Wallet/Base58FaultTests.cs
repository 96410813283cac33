using Nosana.Solana.Wallet;
using Nosana.Solana.Wallet.Utilities;

namespace Nosana.Solana.Tests.Wallet;

/// <summary>Text of strangers that is no base58 is none, whatever it is: the library throws at some of it where it should say so.</summary>
public sealed class Base58FaultTests
{
    [Fact]
    public void TryRead_TextWithAnyCharacter_NeverThrows()
    {
        for (int c = 0; c <= char.MaxValue; c++)
        {
            string key = new string('A', 40) + (char)c + "B", signature = new string('A', 80) + (char)c + "BCDEFG";
            bool isBase58 = char.IsAsciiLetterOrDigit((char)c) && (char)c is not ('0' or 'O' or 'I' or 'l');
            _ = PublicKey.TryParse(key, out _);
            Assert.True(isBase58 || !Encoders.Base58.TryDecodeData(signature, 64, out _));
            Assert.True(isBase58 || !PublicKey.TryParse(key, out _));
        }
    }

    [Fact]
    public void TryRead_TextOfAnyLength_NeverThrows()
    {
        foreach (char c in "1z2A")
            for (int length = 0; length < 200; length++)
            {
                string text = new(c, length);
                _ = PublicKey.TryParse(text, out _);
                _ = Encoders.Base58.TryDecodeData(text, 64, out _);
                foreach (string mixed in new[] { "1" + text, text + "1", new string('1', length / 2) + text })
                {
                    _ = PublicKey.TryParse(mixed, out _);
                    _ = Encoders.Base58.TryDecodeData(mixed, 64, out _);
                }
            }
    }

    [Fact]
    public void TryRead_RandomText_NeverThrows()
    {
        const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
        var random = new Random(20_261_130);
        for (int round = 0; round < 200_000; round++)
        {
            int length = random.Next(1, 100), zeros = random.Next(0, 3) == 0 ? random.Next(length) : 0;
            string text = new string('1', zeros) + string.Concat(Enumerable.Range(0, length - zeros).Select(_ => Alphabet[random.Next(58)]));
            _ = PublicKey.TryParse(text, out _);
            _ = Encoders.Base58.TryDecodeData(text, 64, out _);
        }
    }
}
