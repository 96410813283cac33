using System.Buffers.Binary;
using System.Numerics;

namespace Nosana.Node.Logs;

/// <summary>
/// SHA-256 (FIPS 180-4) whose state can be written to disk and taken up again. The platform's hashes cannot: after a kill they
/// would need all bytes once more, and the oldest segments may be gone by then.
/// </summary>
internal sealed class RunningSha256
{
    /// <summary>Bytes of a saved state: eight words, the count of bytes, the block under way.</summary>
    public const int StateSize = (8 * sizeof(uint)) + sizeof(ulong) + BlockSize;

    private const int BlockSize = 64;

    private static readonly uint[] Constants =
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    private readonly uint[] _words = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];
    private readonly byte[] _block = new byte[BlockSize];
    private ulong _length;

    public void Append(ReadOnlySpan<byte> data)
    {
        int held = (int)(_length % BlockSize);
        _length += (ulong)data.Length;
        if (held > 0)
        {
            int taken = Math.Min(BlockSize - held, data.Length);
            data[..taken].CopyTo(_block.AsSpan(held));
            data = data[taken..];
            if (held + taken < BlockSize) return;
            Compress(_words, _block);
        }
        while (data.Length >= BlockSize)
        {
            Compress(_words, data[..BlockSize]);
            data = data[BlockSize..];
        }
        data.CopyTo(_block);
    }

    /// <summary>Lower-case hex digest of what was appended so far; more may be appended afterwards.</summary>
    public string ToHex()
    {
        Span<uint> words = stackalloc uint[8];
        _words.CopyTo(words);
        Span<byte> tail = stackalloc byte[2 * BlockSize];
        tail.Clear();
        int held = (int)(_length % BlockSize);
        _block.AsSpan(0, held).CopyTo(tail);
        tail[held] = 0x80;
        int size = held < BlockSize - sizeof(ulong) ? BlockSize : 2 * BlockSize;
        BinaryPrimitives.WriteUInt64BigEndian(tail[(size - sizeof(ulong))..], _length * 8);
        for (int at = 0; at < size; at += BlockSize) Compress(words, tail.Slice(at, BlockSize));
        Span<byte> digest = stackalloc byte[32];
        for (int i = 0; i < 8; i++) BinaryPrimitives.WriteUInt32BigEndian(digest[(4 * i)..], words[i]);
        return Convert.ToHexStringLower(digest);
    }

    /// <summary>Writes <see cref="StateSize"/> bytes.</summary>
    public void Save(Span<byte> state)
    {
        for (int i = 0; i < 8; i++) BinaryPrimitives.WriteUInt32LittleEndian(state[(4 * i)..], _words[i]);
        BinaryPrimitives.WriteUInt64LittleEndian(state[32..], _length);
        _block.CopyTo(state[40..]);
    }

    /// <summary>Takes up a state of <see cref="Save"/>.</summary>
    public void Restore(ReadOnlySpan<byte> state)
    {
        for (int i = 0; i < 8; i++) _words[i] = BinaryPrimitives.ReadUInt32LittleEndian(state[(4 * i)..]);
        _length = BinaryPrimitives.ReadUInt64LittleEndian(state[32..]);
        state.Slice(40, BlockSize).CopyTo(_block);
    }

    private static void Compress(Span<uint> words, ReadOnlySpan<byte> block)
    {
        Span<uint> schedule = stackalloc uint[64];
        for (int i = 0; i < 16; i++) schedule[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(4 * i)..]);
        for (int i = 16; i < 64; i++)
        {
            uint early = schedule[i - 15], late = schedule[i - 2];
            uint s0 = BitOperations.RotateRight(early, 7) ^ BitOperations.RotateRight(early, 18) ^ (early >> 3);
            uint s1 = BitOperations.RotateRight(late, 17) ^ BitOperations.RotateRight(late, 19) ^ (late >> 10);
            schedule[i] = schedule[i - 16] + s0 + schedule[i - 7] + s1;
        }
        uint a = words[0], b = words[1], c = words[2], d = words[3], e = words[4], f = words[5], g = words[6], h = words[7];
        ReadOnlySpan<uint> constants = Constants;
        for (int i = 0; i < 64; i++)
        {
            uint s1 = BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25);
            uint t1 = h + s1 + ((e & f) ^ (~e & g)) + constants[i] + schedule[i];
            uint s0 = BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22);
            uint t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e, d, c, b, a) = (g, f, e, d + t1, c, b, a, t1 + t2);
        }
        words[0] += a;
        words[1] += b;
        words[2] += c;
        words[3] += d;
        words[4] += e;
        words[5] += f;
        words[6] += g;
        words[7] += h;
    }
}
