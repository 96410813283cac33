namespace Nosana.Solana.Rpc.Models;

/// <summary>Solana's compact-u16: seven bits a byte, least significant first, at most three bytes, one form only for each number.</summary>
public static class ShortVectorEncoding
{
    public const int MaxLength = 3;

    /// <summary>Writes the length and returns how many bytes it took.</summary>
    public static int EncodeLength(int length, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, ushort.MaxValue);
        int written = 0;
        while (length > 0x7f)
        {
            destination[written++] = (byte)(length & 0x7f | 0x80);
            length >>= 7;
        }
        destination[written++] = (byte)length;
        return written;
    }

    /// <summary>False when the bytes end too early, exceed 65,535 or are not the shortest form.</summary>
    public static bool TryDecodeLength(ReadOnlySpan<byte> source, out int length, out int read)
    {
        length = 0;
        read = 0;
        for (int index = 0; index < MaxLength && index < source.Length; index++)
        {
            byte current = source[index];
            length |= (current & 0x7f) << (7 * index);
            if ((current & 0x80) != 0) continue;
            read = index + 1;
            return length <= ushort.MaxValue && (current != 0 || index == 0);
        }
        return false;
    }
}
