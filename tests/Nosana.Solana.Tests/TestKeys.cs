using Nosana.Solana.Wallet;

namespace Nosana.Solana.Tests;

/// <summary>Key pairs of seeds that repeat one byte, as the vectors use them.</summary>
internal static class TestKeys
{
    public static Account Of(byte seedByte)
    {
        var seed = new byte[Ed25519.SeedLength];
        Array.Fill(seed, seedByte);
        return Account.FromSeed(seed);
    }
}
