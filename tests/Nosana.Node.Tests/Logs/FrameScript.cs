using System.Buffers.Binary;
using System.Text;
using Nosana.Docker;
using Nosana.Node.Logs;

namespace Nosana.Node.Tests.Logs;

/// <summary>An engine's log of one container, served from any moment on and broken off at will.</summary>
internal sealed class FrameScript
{
    private readonly List<(long Timestamp, LogStream Stream, byte[] Text)> _frames = [];

    /// <summary>Adds a line as the engine does: cut into frames of 16 KiB, each with the line's time.</summary>
    public void AddLine(long timestamp, LogStream stream, ReadOnlySpan<byte> text)
    {
        const int Cut = 16 * 1024;
        while (true)
        {
            ReadOnlySpan<byte> piece = text[..Math.Min(Cut, text.Length)];
            _frames.Add((timestamp, stream, piece.ToArray()));
            text = text[piece.Length..];
            if (text.IsEmpty) return;
        }
    }

    /// <summary>Forgets what is older, as rotation does.</summary>
    public void DropBefore(long timestamp) => _frames.RemoveAll(frame => frame.Timestamp < timestamp);

    public byte[] Bytes(string? since, int? tail = null, int? newest = null)
    {
        long from = 0;
        if (since is not null)
        {
            string[] parts = since.Split('.');
            from = (long.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture) * 1_000_000_000) + long.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
        }
        using var bytes = new MemoryStream();
        Span<byte> header = stackalloc byte[8];
        foreach ((long timestamp, LogStream stream, byte[] text) in tail is { } count ? _frames.TakeLast(count) : newest is { } end ? _frames.Take(end) : _frames)
        {
            if (timestamp < from) continue;
            byte[] stamp = Encoding.ASCII.GetBytes(new DockerTimestamp(timestamp) + " ");
            header.Clear();
            header[0] = (byte)stream;
            BinaryPrimitives.WriteInt32BigEndian(header[4..], stamp.Length + text.Length);
            bytes.Write(header);
            bytes.Write(stamp);
            bytes.Write(text);
        }
        return bytes.ToArray();
    }

    /// <summary>The output, or as much of it as comes before the connection breaks; its last frames alone, or its first ones alone as of a follower that ends early.</summary>
    /// <param name="endsInSilence">After its last frame it neither ends nor says anything more.</param>
    public MultiplexedStream Open(
        string? since, int? breakAfter = null, int chunk = int.MaxValue, int? tail = null, int? newest = null, bool endsInSilence = false)
    {
        byte[] bytes = Bytes(since, tail, newest);
        bool breaks = breakAfter < bytes.Length;
        return new MultiplexedStream(new ScriptedStream(breaks ? bytes[..breakAfter!.Value] : bytes, breaks, chunk, endsInSilence));
    }

    private sealed class ScriptedStream(byte[] bytes, bool breaks, int chunk, bool endsInSilence) : Stream
    {
        private int _at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            int count = Math.Min(Math.Min(buffer.Length, chunk), bytes.Length - _at);
            if (count == 0 && breaks) throw new IOException("The connection was reset.");
            bytes.AsSpan(_at, count).CopyTo(buffer);
            _at += count;
            return count;
        }

        // What is there is there at once: a reader that had to wait for it would begin to count the engine's silence.
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (endsInSilence && _at == bytes.Length) await Task.Delay(Timeout.Infinite, cancellationToken);
            return Read(buffer.Span);
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
