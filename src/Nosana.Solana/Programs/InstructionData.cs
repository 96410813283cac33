using System.Buffers.Binary;
using Nosana.Solana.Wallet;

namespace Nosana.Solana.Programs;

/// <summary>Writes instruction data front to back, little-endian, into an array of the exact length.</summary>
internal ref struct InstructionData(int length)
{
    private readonly byte[] _bytes = new byte[length];
    private int _offset;

    public InstructionData U8(byte value)
    {
        _bytes[_offset++] = value;
        return this;
    }

    public InstructionData U32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(_offset), value);
        _offset += sizeof(uint);
        return this;
    }

    public InstructionData U64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(_offset), value);
        _offset += sizeof(ulong);
        return this;
    }

    public InstructionData Key(PublicKey key)
    {
        key.CopyTo(_bytes.AsSpan(_offset));
        _offset += PublicKey.Length;
        return this;
    }

    public readonly byte[] ToArray() =>
        _offset == _bytes.Length ? _bytes : throw new InvalidOperationException($"{_offset} of {_bytes.Length} bytes of instruction data were written.");
}
