using System.Buffers.Binary;
using System.Text;

namespace Nosana.Docker.Tests;

/// <summary>Frames as an engine writes them.</summary>
internal static class FrameBytes
{
    public static byte[] Of(int target, ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[8 + payload.Length];
        frame[0] = (byte)target;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(4), (uint)payload.Length);
        payload.CopyTo(frame.AsSpan(8));
        return frame;
    }

    public static byte[] Of(int target, string payload) => Of(target, Encoding.UTF8.GetBytes(payload));

    public static byte[] Join(params IEnumerable<byte[]> parts) => parts.SelectMany(p => p).ToArray();
}
