using Nosana.Solana.Wallet;

namespace Nosana.Programs.Accounts;

/// <summary>A memcmp filter of getProgramAccounts: these bytes at this offset.</summary>
public sealed record AccountFilter(int Offset, byte[] Bytes)
{
    public AccountFilter(int offset, PublicKey address) : this(offset, address.KeyBytes)
    {
    }

    /// <summary>The bytes as the RPC takes them.</summary>
    public string Base58 => SimpleBase.Base58.Bitcoin.Encode(Bytes);

    public bool Matches(ReadOnlySpan<byte> data) => data.Length >= Offset + Bytes.Length && data.Slice(Offset, Bytes.Length).SequenceEqual(Bytes);
}
