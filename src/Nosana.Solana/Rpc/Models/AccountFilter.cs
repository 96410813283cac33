using Nosana.Solana.Wallet;
using Nosana.Solana.Wallet.Utilities;

namespace Nosana.Solana.Rpc.Models;

/// <summary>A condition on accounts: bytes at an offset, or the length of the data. At most four a query.</summary>
public abstract record AccountFilter
{
    private AccountFilter()
    {
    }

    /// <summary>Accounts whose data has these bytes at this offset.</summary>
    public static AccountFilter MemCmp(int offset, PublicKey key) => new MemCmpFilter(offset, key.Key);

    /// <summary>Accounts whose data has these bytes (at most 128) at this offset.</summary>
    public static AccountFilter MemCmp(int offset, ReadOnlySpan<byte> bytes) => new MemCmpFilter(offset, Encoders.Base58.EncodeData(bytes));

    /// <summary>Accounts whose data has exactly this length in bytes.</summary>
    public static AccountFilter DataSize(ulong length) => new DataSizeFilter(length);

    /// <param name="Offset">Offset in bytes.</param>
    /// <param name="Bytes">Base58 text.</param>
    public sealed record MemCmpFilter(int Offset, string Bytes) : AccountFilter;

    public sealed record DataSizeFilter(ulong Length) : AccountFilter;
}

/// <summary>The part of the accounts' data to return, in bytes.</summary>
public readonly record struct DataSlice(int Offset, int Length);
