namespace Nosana.LocalNet.Runtime;

/// <summary>A filter of getProgramAccounts and programSubscribe: either a length of the data, or bytes at an offset.</summary>
internal readonly record struct AccountFilter
{
    private AccountFilter(ulong? dataSize, ulong offset, ReadOnlyMemory<byte> bytes)
    {
        DataSize = dataSize;
        Offset = offset;
        Bytes = bytes;
    }

    public ulong? DataSize { get; }

    public ulong Offset { get; }

    public ReadOnlyMemory<byte> Bytes { get; }

    public static AccountFilter Size(ulong length) => new(length, 0, default);

    public static AccountFilter Memcmp(ulong offset, ReadOnlyMemory<byte> bytes) => new(null, offset, bytes);

    public bool Matches(ReadOnlySpan<byte> data)
    {
        if (DataSize is { } size) return (ulong)data.Length == size;
        return Offset <= (ulong)data.Length && data[(int)Offset..].StartsWith(Bytes.Span);
    }

    /// <summary>The bytes that this filter demands of a field, null when it says nothing about all of it.</summary>
    public ReadOnlyMemory<byte>? Fixes(int offset, int length)
    {
        if (DataSize is not null || Offset > (ulong)offset) return null;
        int start = offset - (int)Offset;
        // Not a conditional expression: null would become an empty memory there, through the conversion from an array.
        if (start + length > Bytes.Length) return null;
        return Bytes.Slice(start, length);
    }
}
