using Nosana.Solana.Wallet;

namespace Nosana.Solana.Rpc.Models;

/// <summary>Reads a transaction's bytes front to back; every shortage is a <see cref="FormatException"/> that names the part and the offset.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> source)
{
    private readonly ReadOnlySpan<byte> _source = source;

    public int Offset { get; private set; }

    public readonly bool AtEnd => Offset == _source.Length;

    public readonly byte Peek(string part) => Offset < _source.Length ? _source[Offset] : throw Short(part);

    public byte Byte(string part)
    {
        byte value = Peek(part);
        Offset++;
        return value;
    }

    public ReadOnlySpan<byte> Bytes(int count, string part)
    {
        if (count > _source.Length - Offset) throw Short(part);
        ReadOnlySpan<byte> slice = _source.Slice(Offset, count);
        Offset += count;
        return slice;
    }

    public PublicKey Key(string part) => new(Bytes(PublicKey.Length, part));

    public int Count(string part)
    {
        if (!ShortVectorEncoding.TryDecodeLength(_source[Offset..], out int count, out int read))
            throw new FormatException($"Transaction bytes: the count of {part} at offset {Offset} is not a valid compact-u16.");
        Offset += read;
        return count;
    }

    public byte[] Vector(string part)
    {
        int count = Count(part);
        return Bytes(count, part).ToArray();
    }

    private readonly FormatException Short(string part) => new($"Transaction bytes end inside {part} (offset {Offset} of {_source.Length}).");
}
