using System.Buffers.Binary;

namespace Nosana.Node.HostManager.Review;

/// <summary>The compute budget program's instructions. What they cost is the fee; one that cannot be read fails the whole transaction on chain.</summary>
internal static class ComputeBudgetReading
{
    public static uint? Limit(ReadOnlySpan<byte> data) => data.Length >= 5 && data[0] == 2 ? BinaryPrimitives.ReadUInt32LittleEndian(data[1..]) : null;

    /// <summary>Micro-lamports a compute unit.</summary>
    public static ulong? Price(ReadOnlySpan<byte> data) => data.Length >= 9 && data[0] == 3 ? BinaryPrimitives.ReadUInt64LittleEndian(data[1..]) : null;

    public static string Describe(ReadOnlySpan<byte> data) =>
        Limit(data) is { } limit ? $"limit {limit}"
        : Price(data) is { } price ? $"price {price} micro-lamports a unit"
        : "other";
}
