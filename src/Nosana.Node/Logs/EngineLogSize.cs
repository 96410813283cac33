using System.Buffers;

namespace Nosana.Node.Logs;

/// <summary>
/// An upper bound of the bytes that an engine's json-file driver has written for what was read of it: each frame is a JSON object of its own
/// (text, stream, time), in whose text some bytes take up to six.
/// </summary>
internal sealed class EngineLogSize
{
    /// <summary>Everything of the object but the text: <c>{"log":"","stream":"stdout","time":"2026-01-02T03:04:05.123456789Z"}</c> and a newline.</summary>
    private const int ObjectBytes = 80;

    /// <summary>A byte as <c>\u001b</c>; bytes that are not UTF-8 become <c>\ufffd</c>.</summary>
    private const int EscapedBytes = 6;

    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        [.. Enumerable.Range(' ', 95).Select(value => (byte)value).Except("\"\\<>&"u8.ToArray())]);

    public long Bytes { get; private set; }

    /// <summary>The bound for what an earlier process stored.</summary>
    public static EngineLogSize AtMost(LogTotals totals) => new() { Bytes = (totals.Entries * ObjectBytes) + (totals.Bytes * EscapedBytes) };

    /// <summary>Counts a frame; the time in front of it stands for the one in the object.</summary>
    public void Add(ReadOnlySpan<byte> frame)
    {
        Bytes += ObjectBytes + frame.Length;
        int escaped = frame.IndexOfAnyExcept(Plain);
        while (escaped >= 0)
        {
            Bytes += EscapedBytes - 1;
            frame = frame[(escaped + 1)..];
            escaped = frame.IndexOfAnyExcept(Plain);
        }
    }
}
