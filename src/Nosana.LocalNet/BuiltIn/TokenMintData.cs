using System.Buffers.Binary;
using Nosana.LocalNet.Runtime;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.BuiltIn;

/// <summary>A mint, decoded.</summary>
internal sealed class TokenMintData
{
    public PublicKey? MintAuthority { get; set; }

    public ulong Supply { get; set; }

    public byte Decimals { get; set; }

    public bool Initialized { get; set; } = true;

    public PublicKey? FreezeAuthority { get; set; }

    /// <summary>Fails with <c>InvalidAccountData</c> on a wrong length, <c>UninitializedAccount</c> on a blank account.</summary>
    public static TokenMintData Read(ReadOnlySpan<byte> data)
    {
        TokenMintData mint = ReadUnchecked(data);
        return mint.Initialized ? mint : throw new InstructionFailure(InstructionError.UninitializedAccount);
    }

    public static TokenMintData ReadUnchecked(ReadOnlySpan<byte> data)
    {
        if (data.Length != TokenLayout.MintLength || data[TokenLayout.MintInitialized] > 1) throw new InstructionFailure(InstructionError.InvalidAccountData);
        return new TokenMintData
        {
            MintAuthority = TokenOption.ReadKey(data[TokenLayout.MintAuthority..]),
            Supply = BinaryPrimitives.ReadUInt64LittleEndian(data[TokenLayout.MintSupply..]),
            Decimals = data[TokenLayout.MintDecimals],
            Initialized = data[TokenLayout.MintInitialized] == 1,
            FreezeAuthority = TokenOption.ReadKey(data[TokenLayout.MintFreezeAuthority..]),
        };
    }

    /// <summary>As a mint that was never anything else.</summary>
    public byte[] ToBytes() => ToBytes(stackalloc byte[TokenLayout.MintLength]);

    /// <summary>Over the mint's bytes as they are: an option that is now absent keeps its old value behind its tag, as the program leaves it.</summary>
    public byte[] ToBytes(ReadOnlySpan<byte> over)
    {
        byte[] bytes = over.ToArray();
        Span<byte> data = bytes;
        TokenOption.Write(data[TokenLayout.MintAuthority..], MintAuthority);
        BinaryPrimitives.WriteUInt64LittleEndian(data[TokenLayout.MintSupply..], Supply);
        data[TokenLayout.MintDecimals] = Decimals;
        data[TokenLayout.MintInitialized] = Initialized ? (byte)1 : (byte)0;
        TokenOption.Write(data[TokenLayout.MintFreezeAuthority..], FreezeAuthority);
        return bytes;
    }
}
