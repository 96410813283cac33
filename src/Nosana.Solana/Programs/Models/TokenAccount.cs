using System.Buffers.Binary;
using Nosana.Solana.Wallet;

namespace Nosana.Solana.Programs.Models;

/// <summary>A token account (165 bytes). Amounts are base units.</summary>
/// <param name="IsNative">The lamports kept for rent when it wraps SOL, else null.</param>
public sealed record TokenAccount(
    PublicKey Mint,
    PublicKey Owner,
    ulong Amount,
    PublicKey? Delegate,
    TokenAccountState State,
    ulong? IsNative,
    ulong DelegatedAmount,
    PublicKey? CloseAuthority)
{
    /// <summary>Offset of the mint, for filters.</summary>
    public const int MintOffset = 0;

    /// <summary>Offset of the owner, for filters.</summary>
    public const int OwnerOffset = 32;

    /// <exception cref="FormatException">Not the bytes of an initialized token account.</exception>
    public static TokenAccount Deserialize(ReadOnlySpan<byte> data)
    {
        if (data.Length != TokenProgram.TokenAccountDataSize)
            throw new FormatException($"A token account has {TokenProgram.TokenAccountDataSize} bytes, not {data.Length}.");
        var state = (TokenAccountState)data[108];
        if (state is not (TokenAccountState.Initialized or TokenAccountState.Frozen))
            throw new FormatException($"The token account is not initialized (state {data[108]}).");
        return new TokenAccount(
            new PublicKey(data.Slice(MintOffset, 32)),
            new PublicKey(data.Slice(OwnerOffset, 32)),
            BinaryPrimitives.ReadUInt64LittleEndian(data[64..]),
            TokenOption.Key(data[72..]),
            state,
            TokenOption.IsSome(data[109..]) ? BinaryPrimitives.ReadUInt64LittleEndian(data[113..]) : null,
            BinaryPrimitives.ReadUInt64LittleEndian(data[121..]),
            TokenOption.Key(data[129..]));
    }

    /// <summary>The 165 bytes.</summary>
    public byte[] Serialize()
    {
        var data = new byte[TokenProgram.TokenAccountDataSize];
        Mint.CopyTo(data.AsSpan(MintOffset));
        Owner.CopyTo(data.AsSpan(OwnerOffset));
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(64), Amount);
        TokenOption.Write(data.AsSpan(72), Delegate);
        data[108] = (byte)State;
        if (IsNative is { } rent)
        {
            data[109] = 1;
            BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(113), rent);
        }
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(121), DelegatedAmount);
        TokenOption.Write(data.AsSpan(129), CloseAuthority);
        return data;
    }
}

/// <summary>State byte of a token account.</summary>
public enum TokenAccountState : byte
{
    Uninitialized = 0,
    Initialized = 1,
    Frozen = 2,
}
