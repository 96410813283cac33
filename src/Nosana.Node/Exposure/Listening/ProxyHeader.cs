using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Nosana.Node.Exposure.Listening;

/// <summary>
/// The header by which a proxy in front says whose connection it passes on, before the connection's first byte: version 1 (text) and 2 (binary) of
/// HAProxy's PROXY protocol.
/// </summary>
internal static class ProxyHeader
{
    /// <summary>The longest: of version 1 the protocol's 107; of version 2 the fixed part, two IPv6 addresses and some extensions.</summary>
    public const int MaxBytes = 536;

    private const int MaxText = 107, FixedPart = 16;
    private const byte LocalCommand = 0x20, ProxyCommand = 0x21, TcpOverIPv4 = 0x11, TcpOverIPv6 = 0x21;

    private static ReadOnlySpan<byte> Text => "PROXY "u8;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>Looks at the beginning of a connection.</summary>
    /// <param name="bytes">What has come so far.</param>
    /// <param name="length">Bytes of the header, once it is whole.</param>
    /// <param name="client">Who is connected to the proxy; null where it speaks for itself.</param>
    public static ProxyHeaderReading Read(ReadOnlySpan<byte> bytes, out int length, out IPEndPoint? client)
    {
        (length, client) = (0, null);
        if (IsBeginningOf(bytes, Signature)) return bytes.Length < FixedPart ? ProxyHeaderReading.Incomplete : ReadBinary(bytes, out length, out client);
        if (IsBeginningOf(bytes, Text)) return ReadText(bytes, out length, out client);
        return ProxyHeaderReading.None;
    }

    private static bool IsBeginningOf(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> mark)
    {
        int common = Math.Min(bytes.Length, mark.Length);
        return bytes[..common].SequenceEqual(mark[..common]);
    }

    private static ProxyHeaderReading ReadText(ReadOnlySpan<byte> bytes, out int length, out IPEndPoint? client)
    {
        (length, client) = (0, null);
        int end = bytes[..Math.Min(bytes.Length, MaxText)].IndexOf("\r\n"u8);
        if (end < 0) return bytes.Length < MaxText ? ProxyHeaderReading.Incomplete : ProxyHeaderReading.Malformed;
        length = end + 2;
        string[] words = Encoding.ASCII.GetString(bytes[..end]).Split(' ');
        if (words[1] == "UNKNOWN") return ProxyHeaderReading.Whole;
        if (words.Length != 6 || words[1] is not ("TCP4" or "TCP6") || !IPAddress.TryParse(words[2], out IPAddress? address)
            || !ushort.TryParse(words[4], System.Globalization.CultureInfo.InvariantCulture, out ushort port)) return ProxyHeaderReading.Malformed;
        client = new IPEndPoint(address, port);
        return ProxyHeaderReading.Whole;
    }

    private static ProxyHeaderReading ReadBinary(ReadOnlySpan<byte> bytes, out int length, out IPEndPoint? client)
    {
        client = null;
        length = FixedPart + BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]);
        if (length > MaxBytes || bytes[12] is not (LocalCommand or ProxyCommand)) return ProxyHeaderReading.Malformed;
        if (bytes.Length < length) return ProxyHeaderReading.Incomplete;
        int address = bytes[13] switch { TcpOverIPv4 => 4, TcpOverIPv6 => 16, _ => 0 };
        if (bytes[12] == LocalCommand || address == 0) return ProxyHeaderReading.Whole;
        // Addresses of client and proxy, then their ports.
        if (length < FixedPart + (2 * address) + 4) return ProxyHeaderReading.Malformed;
        client = new IPEndPoint(
            new IPAddress(bytes.Slice(FixedPart, address)), BinaryPrimitives.ReadUInt16BigEndian(bytes[(FixedPart + (2 * address))..]));
        return ProxyHeaderReading.Whole;
    }
}

/// <summary>What the beginning of a connection is.</summary>
internal enum ProxyHeaderReading
{
    /// <summary>Something else.</summary>
    None,

    /// <summary>So far such a header.</summary>
    Incomplete,

    /// <summary>Such a header.</summary>
    Whole,

    /// <summary>It begins as one and is none.</summary>
    Malformed,
}
