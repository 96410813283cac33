using System.Buffers.Binary;

namespace Nosana.Node.Ssh.Protocol;

/// <summary>What agent and SSH process say to each other about one connection, over a socket of its own.</summary>
internal enum SshFrameKind : byte
{
    /// <summary>Agent: the first of all. One byte: whether commands name an operation (<see cref="SshHello"/>).</summary>
    Hello = 1,

    /// <summary>Agent: the answer to <see cref="Key"/>. One byte, 1 for yes.</summary>
    Answer,

    /// <summary>Agent: what the terminal shows.</summary>
    Output,

    /// <summary>Agent: the shell has ended. Its exit code, 4 bytes, little-endian. Nothing follows.</summary>
    Exit,

    /// <summary>SSH process: may this key log in? See <see cref="SshKeyQuestion"/>. Nothing is sent until it is answered.</summary>
    Key,

    /// <summary>SSH process: a shell is wanted. See <see cref="SshShellRequest"/>.</summary>
    Shell,

    /// <summary>SSH process: what the client typed.</summary>
    Input,

    /// <summary>SSH process: the terminal's new size, see <see cref="SshTerminalSize"/>.</summary>
    Size,
}

/// <summary>A frame: its kind, one byte; the length of what follows, 2 bytes, little-endian; and that.</summary>
internal static class SshFrame
{
    public const int HeaderLength = 3;

    /// <summary>Bytes that follow the header.</summary>
    public const int MaxPayload = 16 * 1024;

    /// <summary>How a connection of the SSH process's socket begins: one of these, then the 16 bytes that a pair of connections has in common.</summary>
    public const byte Session = (byte)'S', Wire = (byte)'W';

    public const int OpeningLength = 17;

    public static void WriteHeader(Span<byte> header, SshFrameKind kind, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaxPayload);
        header[0] = (byte)kind;
        BinaryPrimitives.WriteUInt16LittleEndian(header[1..], (ushort)length);
    }

    public static byte[] Of(SshFrameKind kind, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[HeaderLength + payload.Length];
        WriteHeader(frame, kind, payload.Length);
        payload.CopyTo(frame.AsSpan(HeaderLength));
        return frame;
    }

    /// <returns>False while the header, or what it announces, has not come whole.</returns>
    /// <exception cref="InvalidDataException">It is longer than any is.</exception>
    public static bool TryRead(ReadOnlySpan<byte> received, out SshFrameKind kind, out int length)
    {
        (kind, length) = (default, 0);
        if (received.Length < HeaderLength) return false;
        kind = (SshFrameKind)received[0];
        length = BinaryPrimitives.ReadUInt16LittleEndian(received[1..]);
        if (length > MaxPayload) throw new InvalidDataException($"A frame of {length} bytes, which none has.");
        return received.Length >= HeaderLength + length;
    }
}
