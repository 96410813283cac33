using System.Buffers.Binary;

namespace Nosana.LocalNet.Rpc;

/// <summary>
/// Zstandard (RFC 8878) without compression: one frame of raw blocks, which every decoder reads. Accounts cross no wire but this machine's,
/// so the form matters to a client that asks for it and the size to nobody.
/// </summary>
internal static class ZstdFrame
{
    private const uint Magic = 0xFD2F_B528;

    /// <summary>Content size of 4 bytes, single segment: the window is the content.</summary>
    private const byte Descriptor = 0b1010_0000;

    private const int HeaderLength = 9, BlockHeaderLength = 3, MaxBlock = 128 * 1024;

    public static byte[] Store(ReadOnlySpan<byte> data)
    {
        int blocks = Math.Max(1, (data.Length + MaxBlock - 1) / MaxBlock);
        byte[] frame = new byte[HeaderLength + blocks * BlockHeaderLength + data.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(frame, Magic);
        frame[4] = Descriptor;
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(5), (uint)data.Length);
        int at = HeaderLength;
        for (int block = 1; block <= blocks; block++)
        {
            int length = Math.Min(data.Length, MaxBlock);
            // Bit 0: the last block; bits 1 and 2: its type, 0 for raw; then its length.
            int header = length << 3 | (block == blocks ? 1 : 0);
            frame[at++] = (byte)header;
            frame[at++] = (byte)(header >> 8);
            frame[at++] = (byte)(header >> 16);
            data[..length].CopyTo(frame.AsSpan(at));
            data = data[length..];
            at += length;
        }
        return frame;
    }
}
