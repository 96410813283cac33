using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Nosana.Solana.Wallet;

namespace Nosana.Programs.Borsh;

/// <summary>Writes Borsh fields in order; the counterpart of <see cref="BorshReader"/>.</summary>
public sealed class BorshWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(256);

    public int Length => _buffer.WrittenCount;

    public byte[] ToArray() => _buffer.WrittenSpan.ToArray();

    public BorshWriter U8(byte value)
    {
        Span<byte> span = _buffer.GetSpan(1);
        span[0] = value;
        _buffer.Advance(1);
        return this;
    }

    public BorshWriter Bool(bool value) => U8(value ? (byte)1 : (byte)0);

    public BorshWriter U16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_buffer.GetSpan(sizeof(ushort)), value);
        _buffer.Advance(sizeof(ushort));
        return this;
    }

    public BorshWriter U32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.GetSpan(sizeof(uint)), value);
        _buffer.Advance(sizeof(uint));
        return this;
    }

    public BorshWriter U64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_buffer.GetSpan(sizeof(ulong)), value);
        _buffer.Advance(sizeof(ulong));
        return this;
    }

    public BorshWriter I64(long value) => U64(unchecked((ulong)value));

    public BorshWriter U128(UInt128 value)
    {
        BinaryPrimitives.WriteUInt128LittleEndian(_buffer.GetSpan(16), value);
        _buffer.Advance(16);
        return this;
    }

    /// <summary>The bytes as they are, without a count.</summary>
    public BorshWriter Bytes(ReadOnlySpan<byte> value)
    {
        _buffer.Write(value);
        return this;
    }

    public BorshWriter PublicKey(PublicKey value)
    {
        value.CopyTo(_buffer.GetSpan(Nosana.Solana.Wallet.PublicKey.Length));
        _buffer.Advance(Nosana.Solana.Wallet.PublicKey.Length);
        return this;
    }

    public BorshWriter PublicKeys(IReadOnlyCollection<PublicKey> values)
    {
        U32((uint)values.Count);
        foreach (PublicKey value in values) PublicKey(value);
        return this;
    }

    public BorshWriter String(string value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        return U32((uint)bytes.Length).Bytes(bytes);
    }
}
