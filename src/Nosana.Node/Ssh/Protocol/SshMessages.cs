using System.Buffers.Binary;
using System.Text;

namespace Nosana.Node.Ssh.Protocol;

/// <summary>What a connection is for.</summary>
/// <param name="TakesCommands">The command of the client names an operation; else commands are refused.</param>
internal readonly record struct SshHello(bool TakesCommands)
{
    public byte[] ToFrame() => SshFrame.Of(SshFrameKind.Hello, [TakesCommands ? (byte)1 : (byte)0]);

    public static SshHello Read(ReadOnlySpan<byte> payload) => new(payload is [1]);
}

/// <summary>Whether a key may log in.</summary>
/// <param name="IsSigned">The client has proved that it has the private key; else it asks whether it would do.</param>
/// <param name="Identity">Algorithm and base64.</param>
internal readonly record struct SshKeyQuestion(bool IsSigned, string User, string Identity)
{
    public byte[] ToFrame() => SshFrame.Of(SshFrameKind.Key, Encoding.UTF8.GetBytes($"{(IsSigned ? '1' : '0')}\0{User}\0{Identity}"));

    /// <exception cref="InvalidDataException">It is none.</exception>
    public static SshKeyQuestion Read(ReadOnlySpan<byte> payload) => Encoding.UTF8.GetString(payload).Split('\0') is [var signed, var user, var identity]
        ? new(signed == "1", user, identity)
        : throw new InvalidDataException("A question for a key that is none.");
}

/// <summary>In characters, each within what a terminal has.</summary>
internal readonly record struct SshTerminalSize(ushort Columns, ushort Rows)
{
    private const int Length = 4;

    /// <summary>What a client says, whatever that is.</summary>
    public static SshTerminalSize Of(int columns, int rows) => new((ushort)Math.Clamp(columns, 1, 1000), (ushort)Math.Clamp(rows, 1, 1000));

    public byte[] ToFrame() => SshFrame.Of(SshFrameKind.Size, ToBytes());

    public byte[] ToBytes()
    {
        var bytes = new byte[Length];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, Columns);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2), Rows);
        return bytes;
    }

    /// <exception cref="InvalidDataException">It is none.</exception>
    public static SshTerminalSize Read(ReadOnlySpan<byte> payload) => payload.Length >= Length
        ? Of(BinaryPrimitives.ReadUInt16LittleEndian(payload), BinaryPrimitives.ReadUInt16LittleEndian(payload[2..]))
        : throw new InvalidDataException("A size of a terminal that is none.");
}

/// <summary>A shell is wanted.</summary>
/// <param name="Terminal">The client's TERM.</param>
/// <param name="Command">What the client wants to run; empty for none.</param>
internal readonly record struct SshShellRequest(SshTerminalSize Size, string Terminal, string Command)
{
    public byte[] ToFrame() => SshFrame.Of(SshFrameKind.Shell, [.. Size.ToBytes(), .. Encoding.UTF8.GetBytes($"{Terminal}\0{Command}")]);

    /// <exception cref="InvalidDataException">It is none.</exception>
    public static SshShellRequest Read(ReadOnlySpan<byte> payload)
    {
        SshTerminalSize size = SshTerminalSize.Read(payload);
        string[] words = Encoding.UTF8.GetString(payload[4..]).Split('\0');
        return words is [var terminal, var command] ? new(size, terminal, command) : throw new InvalidDataException("A request for a shell that is none.");
    }
}
