using System.Buffers.Binary;
using System.Numerics;

namespace Nosana.Node.Logs;

/// <summary>
/// An entry on disk, little-endian: checksum u32 (CRC-32C of all that follows), text length u32, time i64 (ns), stream u8,
/// flags u8 (1 = the line goes on), two zero bytes, text.
/// </summary>
internal readonly record struct LogRecord(LogStream Stream, bool Continues, long TimestampNanoseconds, int TextLength)
{
    public const int HeaderSize = 20;

    /// <summary>No record is longer: what claims to be is damage.</summary>
    public const int MaxTextLength = 64 << 20;

    private const byte ContinuesFlag = 1;

    public int Size => HeaderSize + TextLength;

    public void Write(Span<byte> target, ReadOnlySpan<byte> text)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target[4..], TextLength);
        BinaryPrimitives.WriteInt64LittleEndian(target[8..], TimestampNanoseconds);
        target[16] = (byte)Stream;
        target[17] = Continues ? ContinuesFlag : (byte)0;
        target[18] = target[19] = 0;
        text.CopyTo(target[HeaderSize..]);
        BinaryPrimitives.WriteUInt32LittleEndian(target, Checksum(target[4..Size]));
    }

    /// <summary>Reads the header at the start of <paramref name="data"/>. False: it is not one, or there are not enough bytes for one.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> data, out LogRecord record)
    {
        record = default;
        if (data.Length < HeaderSize) return false;
        int length = BinaryPrimitives.ReadInt32LittleEndian(data[4..]);
        var stream = (LogStream)data[16];
        if (length is < 0 or > MaxTextLength || stream is < LogStream.Stdout or > LogStream.NodeError) return false;
        record = new LogRecord(stream, (data[17] & ContinuesFlag) != 0, BinaryPrimitives.ReadInt64LittleEndian(data[8..]), length);
        return true;
    }

    /// <summary>Whether <paramref name="data"/>, header and text of one record, is what was written.</summary>
    public static bool IsIntact(ReadOnlySpan<byte> data) =>
        BinaryPrimitives.ReadUInt32LittleEndian(data) == Checksum(data[4..]);

    public static uint Checksum(ReadOnlySpan<byte> data)
    {
        uint crc = ~0u;
        while (data.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[sizeof(ulong)..];
        }
        foreach (byte value in data) crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }
}
