using System.Buffers.Binary;
using Nosana.LocalNet.Runtime;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.BuiltIn;

/// <summary>SPL Token's optional fields: a tag of four bytes, 0 or 1, then the value's place whether or not it is there.</summary>
internal static class TokenOption
{
    public const int TagLength = 4;

    public static PublicKey? ReadKey(ReadOnlySpan<byte> field) => HasValue(field) ? new PublicKey(field.Slice(TagLength, PublicKey.Length)) : null;

    public static ulong? ReadU64(ReadOnlySpan<byte> field) => HasValue(field) ? BinaryPrimitives.ReadUInt64LittleEndian(field[TagLength..]) : null;

    public static void Write(Span<byte> field, PublicKey? value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(field, value is null ? 0u : 1u);
        if (value is not { } key) return;
        key.CopyTo(field[TagLength..]);
    }

    public static void Write(Span<byte> field, ulong? value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(field, value is null ? 0u : 1u);
        if (value is not { } number) return;
        BinaryPrimitives.WriteUInt64LittleEndian(field[TagLength..], number);
    }

    private static bool HasValue(ReadOnlySpan<byte> field) => BinaryPrimitives.ReadUInt32LittleEndian(field) switch
    {
        0 => false,
        1 => true,
        _ => throw new InstructionFailure(InstructionError.InvalidAccountData),
    };
}
