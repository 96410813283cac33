using System.Buffers.Binary;

namespace Nosana.Node.Logs;

/// <summary>
/// The running counters of an operation's output. Each segment starts with those of the moment it was begun, so that a reopened
/// log needs to read its last segment alone.
/// </summary>
internal sealed class LogCheckpoint
{
    /// <summary>Bytes of a segment's header.</summary>
    public const int Size = 256;

    private const ulong Magic = 0x31474F4C4E534F4E; // "NOSNLOG1"
    private const int CountersAt = 16;
    private const int PositionsAt = 40;
    private const int HashAt = 72;

    private readonly RunningSha256 _hash = new();
    private LogPosition _stdout;
    private LogPosition _stderr;

    public long Entries { get; private set; }

    public long Lines { get; private set; }

    public long Bytes { get; private set; }

    public LogTotals ToTotals() => new(Entries, Lines, Bytes, _hash.ToHex());

    /// <summary>The newest entry of a container's stream; null when it has printed nothing yet.</summary>
    public LogPosition? LastOf(LogStream stream)
    {
        LogPosition position = stream == LogStream.Stdout ? _stdout : _stderr;
        return position.Entries == 0 ? null : position;
    }

    public void Count(in LogRecord record, ReadOnlySpan<byte> text)
    {
        Entries++;
        if (record.Stream == LogStream.NodeError) return;
        Bytes += text.Length;
        if (!record.Continues) Lines++;
        _hash.Append(text);
        ref LogPosition position = ref record.Stream == LogStream.Stdout ? ref _stdout : ref _stderr;
        bool same = position.Entries > 0 && position.TimestampNanoseconds == record.TimestampNanoseconds;
        position = new LogPosition(record.TimestampNanoseconds, same ? position.Entries + 1 : 1);
    }

    /// <summary>Writes <see cref="Size"/> bytes.</summary>
    public void Save(Span<byte> header)
    {
        header[..Size].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(header, Magic);
        BinaryPrimitives.WriteInt64LittleEndian(header[CountersAt..], Entries);
        BinaryPrimitives.WriteInt64LittleEndian(header[(CountersAt + 8)..], Lines);
        BinaryPrimitives.WriteInt64LittleEndian(header[(CountersAt + 16)..], Bytes);
        SavePosition(header[PositionsAt..], _stdout);
        SavePosition(header[(PositionsAt + 16)..], _stderr);
        _hash.Save(header[HashAt..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], LogRecord.Checksum(header[CountersAt..Size]));
    }

    /// <summary>Null when <paramref name="header"/> is damaged or none.</summary>
    public static LogCheckpoint? TryRestore(ReadOnlySpan<byte> header)
    {
        if (header.Length < Size || BinaryPrimitives.ReadUInt64LittleEndian(header) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(header[8..]) != LogRecord.Checksum(header[CountersAt..Size]))
            return null;
        var checkpoint = new LogCheckpoint
        {
            Entries = BinaryPrimitives.ReadInt64LittleEndian(header[CountersAt..]),
            Lines = BinaryPrimitives.ReadInt64LittleEndian(header[(CountersAt + 8)..]),
            Bytes = BinaryPrimitives.ReadInt64LittleEndian(header[(CountersAt + 16)..]),
            _stdout = RestorePosition(header[PositionsAt..]),
            _stderr = RestorePosition(header[(PositionsAt + 16)..]),
        };
        checkpoint._hash.Restore(header.Slice(HashAt, RunningSha256.StateSize));
        return checkpoint;
    }

    private static void SavePosition(Span<byte> target, LogPosition position)
    {
        BinaryPrimitives.WriteInt64LittleEndian(target, position.TimestampNanoseconds);
        BinaryPrimitives.WriteInt32LittleEndian(target[8..], position.Entries);
    }

    private static LogPosition RestorePosition(ReadOnlySpan<byte> source) =>
        new(BinaryPrimitives.ReadInt64LittleEndian(source), BinaryPrimitives.ReadInt32LittleEndian(source[8..]));
}
