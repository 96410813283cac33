using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Nosana.Node.Logs;

/// <summary>One file of an operation's output: a <see cref="LogCheckpoint"/>, then <see cref="LogRecord"/>s.</summary>
internal sealed class LogSegment(string path, long firstEntry)
{
    public const string Extension = ".seg";

    /// <summary>A mark every so many entries lets a reader start near the entry that it wants.</summary>
    private const int MarkEvery = 1024;

    private readonly List<long> _marks = [LogCheckpoint.Size];

    public string Path { get; } = path;

    /// <summary>Ordinal of the first entry.</summary>
    public long FirstEntry { get; } = firstEntry;

    public long Entries { get; private set; }

    /// <summary>Bytes, those not yet on disk included.</summary>
    public long Length { get; private set; } = LogCheckpoint.Size;

    /// <summary>File names sort by the first entry, so that a listing is in order.</summary>
    public static string PathFor(string directory, long firstEntry) =>
        System.IO.Path.Combine(directory, firstEntry.ToString("D16", CultureInfo.InvariantCulture) + Extension);

    public void Count(int size)
    {
        Entries++;
        Length += size;
        if (Entries % MarkEvery == 0) _marks.Add(Length);
    }

    /// <summary>Sets the size of a segment that is not appended to any more.</summary>
    public void CountClosed(long entries, long length)
    {
        Entries = entries;
        _marks.RemoveAll(mark => mark > length);
        Length = length;
    }

    /// <summary>Places where reading may begin, oldest first.</summary>
    public IEnumerable<(long Entry, long Offset)> Marks()
    {
        for (int i = 0; i < _marks.Count; i++) yield return (FirstEntry + ((long)i * MarkEvery), _marks[i]);
    }

    /// <summary>
    /// Reads entries from a mark to <paramref name="end"/>. Ends early at damage, and yields nothing when the file went because
    /// of the budget, or with the whole job, between the listing and the reading.
    /// </summary>
    public static IEnumerable<LogEntry> Read(string path, long entry, long offset, long end)
    {
        SafeFileHandle file;
        try
        {
            file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            yield break;
        }
        using (file)
        {
            byte[] buffer = new byte[128 << 10];
            int start = 0, filled = 0;
            while (true)
            {
                bool has = LogRecord.TryReadHeader(buffer.AsSpan(start, filled - start), out LogRecord record);
                if (!has && filled - start >= LogRecord.HeaderSize) yield break;
                if (!has || filled - start < record.Size)
                {
                    int wanted = has ? record.Size : LogRecord.HeaderSize;
                    Compact(ref buffer, ref start, ref filled, wanted);
                    int room = (int)Math.Min(buffer.Length - filled, end - offset);
                    int read = room <= 0 ? 0 : RandomAccess.Read(file, buffer.AsSpan(filled, room), offset);
                    if (read == 0) yield break;
                    filled += read;
                    offset += read;
                    continue;
                }
                Memory<byte> data = buffer.AsMemory(start, record.Size);
                if (!LogRecord.IsIntact(data.Span)) yield break;
                byte[] text = data[LogRecord.HeaderSize..].ToArray();
                start += record.Size;
                yield return new LogEntry(entry++, record.Stream, record.TimestampNanoseconds, text, record.Continues);
            }
        }
    }

    private static void Compact(ref byte[] buffer, ref int start, ref int filled, int wanted)
    {
        byte[] target = wanted > buffer.Length ? new byte[wanted] : buffer;
        Buffer.BlockCopy(buffer, start, target, 0, filled - start);
        filled -= start;
        start = 0;
        buffer = target;
    }
}

/// <summary>A part of a segment file to read: from the entry at an offset, up to an end.</summary>
internal readonly record struct LogRange(string Path, long Entry, long Offset, long End);
