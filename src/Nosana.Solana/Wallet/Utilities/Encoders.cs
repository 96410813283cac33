namespace Nosana.Solana.Wallet.Utilities;

/// <summary>The text encodings of Solana's wire formats.</summary>
public static class Encoders
{
    /// <summary>Base58 with Bitcoin's alphabet: addresses, signatures, blockhashes, memcmp bytes.</summary>
    public static Base58Encoder Base58 { get; } = new();
}
