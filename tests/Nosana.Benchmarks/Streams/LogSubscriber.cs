using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Nosana.Benchmarks.Streams;

/// <summary>A subscriber of <c>/flog</c> that reads frames off the wire and counts the numbers in them: a library's WebSocket would be most of what is measured.</summary>
internal sealed class LogSubscriber : IDisposable
{
    private const int Close = 8;

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[128 << 10];
    private int _length;

    /// <summary>Lines that came.</summary>
    public int Lines { get; private set; }

    /// <summary>Lines that did not come after the one before them.</summary>
    public int Disorder { get; private set; }

    /// <summary>The line after which the first one is missing; null where none is.</summary>
    public int? FirstGap { get; private set; }

    /// <summary>Connects and asks; tries again while the node says that too many do.</summary>
    public static async Task<LogSubscriber> ConnectAsync(Uri api, string job, string header)
    {
        while (true)
        {
            var subscriber = new LogSubscriber();
            if (await subscriber.TryConnectAsync(api, job, header)) return subscriber;
            subscriber.Dispose();
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
    }

    /// <summary>Reads until so many lines came, or the node closes.</summary>
    public async Task ReadAsync(int lines)
    {
        int last = 0;
        while (Lines < lines)
        {
            int read;
            try
            {
                read = await _socket.ReceiveAsync(_buffer.AsMemory(_length));
            }
            catch (SocketException)
            {
                return; // cut off: what has not come is counted as lost
            }
            if (read == 0) return;
            _length += read;
            int at = 0;
            while (FrameAt(at) is var (payload, size))
            {
                if ((_buffer[at] & 0x0F) == Close) return;
                at += size;
                if (NumberIn(_buffer.AsSpan(payload.Start.Value, payload.End.Value - payload.Start.Value)) is not { } number) continue;
                Lines++;
                if (number != last + 1 && Disorder++ == 0) FirstGap = last;
                last = number;
            }
            _buffer.AsSpan(at, _length - at).CopyTo(_buffer);
            _length -= at;
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task<bool> TryConnectAsync(Uri api, string job, string header)
    {
        await _socket.ConnectAsync(IPAddress.Loopback, api.Port);
        await _socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET / HTTP/1.1\r\nHost: {api.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"));
        string answer = "";
        while (!answer.Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            int read = await _socket.ReceiveAsync(_buffer.AsMemory());
            if (read == 0) return false;
            answer += Encoding.ASCII.GetString(_buffer, 0, read);
        }
        if (!answer.StartsWith("HTTP/1.1 101", StringComparison.Ordinal)) return false;
        byte[] body = Encoding.UTF8.GetBytes(new JsonObject { ["path"] = "/flog", ["header"] = header, ["body"] = new JsonObject { ["jobAddress"] = job } }.ToJsonString());
        byte[] frame = new byte[8 + body.Length];
        (frame[0], frame[1]) = (0x81, 0x80 | 126); // a whole text of 126 to 65,535 bytes, masked with zeros
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)body.Length);
        body.CopyTo(frame, 8);
        await _socket.SendAsync(frame);
        return true;
    }

    /// <summary>The payload of the frame that begins there, and its whole size; null while it is not all here.</summary>
    private (Range Payload, int Size)? FrameAt(int at)
    {
        if (_length - at < 2) return null;
        int length = _buffer[at + 1] & 0x7F, head = 2;
        if (length == 126)
        {
            if (_length - at < 4) return null;
            (length, head) = (BinaryPrimitives.ReadUInt16BigEndian(_buffer.AsSpan(at + 2)), 4);
        }
        int size = head + length;
        return size > _length - at ? null : ((at + head)..(at + size), size);
    }

    private static int? NumberIn(ReadOnlySpan<byte> frame)
    {
        ReadOnlySpan<byte> mark = "\\\"message\\\":\\\""u8;
        int at = frame.IndexOf(mark);
        return at >= 0 && Utf8Parser.TryParse(frame[(at + mark.Length)..], out int number, out _) ? number : null;
    }
}
