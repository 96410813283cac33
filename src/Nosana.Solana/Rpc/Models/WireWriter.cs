using System.Buffers;
using Nosana.Solana.Wallet;

namespace Nosana.Solana.Rpc.Models;

/// <summary>Writes a transaction's bytes front to back.</summary>
internal sealed class WireWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(512);

    public void Byte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }

    public void Bytes(ReadOnlySpan<byte> value) => _buffer.Write(value);

    public void Key(PublicKey key)
    {
        key.CopyTo(_buffer.GetSpan(PublicKey.Length));
        _buffer.Advance(PublicKey.Length);
    }

    public void Count(int count) => _buffer.Advance(ShortVectorEncoding.EncodeLength(count, _buffer.GetSpan(ShortVectorEncoding.MaxLength)));

    public void Vector(ReadOnlySpan<byte> value)
    {
        Count(value.Length);
        Bytes(value);
    }

    public byte[] ToArray() => _buffer.WrittenSpan.ToArray();
}
