using System.Buffers.Binary;
using Nosana.Solana.Wallet;

namespace Nosana.Solana.Programs.Models;

/// <summary>SPL Token's COption: a u32 that is 0 or 1, then room for the value in either case.</summary>
internal static class TokenOption
{
    public static bool IsSome(ReadOnlySpan<byte> data) => BinaryPrimitives.ReadUInt32LittleEndian(data) switch
    {
        0 => false,
        1 => true,
        uint other => throw new FormatException($"An option's tag is 0 or 1, not {other}."),
    };

    public static PublicKey? Key(ReadOnlySpan<byte> data) => IsSome(data) ? new PublicKey(data.Slice(sizeof(uint), PublicKey.Length)) : null;

    public static void Write(Span<byte> destination, PublicKey? key)
    {
        if (key is not { } value) return;
        BinaryPrimitives.WriteUInt32LittleEndian(destination, 1);
        value.CopyTo(destination[sizeof(uint)..]);
    }
}
