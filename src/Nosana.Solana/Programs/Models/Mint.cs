using System.Buffers.Binary;
using Nosana.Solana.Wallet;

namespace Nosana.Solana.Programs.Models;

/// <summary>A mint (82 bytes). The supply is in base units.</summary>
public sealed record Mint(PublicKey? MintAuthority, ulong Supply, byte Decimals, bool IsInitialized, PublicKey? FreezeAuthority)
{
    /// <exception cref="FormatException">Not the bytes of an initialized mint.</exception>
    public static Mint Deserialize(ReadOnlySpan<byte> data)
    {
        if (data.Length != TokenProgram.MintAccountDataSize)
            throw new FormatException($"A mint has {TokenProgram.MintAccountDataSize} bytes, not {data.Length}.");
        if (data[45] != 1) throw new FormatException("The mint is not initialized.");
        return new Mint(TokenOption.Key(data), BinaryPrimitives.ReadUInt64LittleEndian(data[36..]), data[44], IsInitialized: true, TokenOption.Key(data[46..]));
    }

    /// <summary>The 82 bytes.</summary>
    public byte[] Serialize()
    {
        var data = new byte[TokenProgram.MintAccountDataSize];
        TokenOption.Write(data, MintAuthority);
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(36), Supply);
        data[44] = Decimals;
        data[45] = IsInitialized ? (byte)1 : (byte)0;
        TokenOption.Write(data.AsSpan(46), FreezeAuthority);
        return data;
    }
}
