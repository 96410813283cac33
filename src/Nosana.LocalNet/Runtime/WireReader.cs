using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Runtime;

/// <summary>Reads the compact encoding of Solana's transactions, with every bound checked.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private const int MaxCompactBytes = 3;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; }

    public readonly bool AtEnd => Position == _bytes.Length;

    public readonly byte Peek() => Position < _bytes.Length ? _bytes[Position] : throw End(1);

    public byte ReadByte() => Read(1)[0];

    public ReadOnlySpan<byte> Read(int length)
    {
        if (length > _bytes.Length - Position) throw End(length);
        ReadOnlySpan<byte> slice = _bytes.Slice(Position, length);
        Position += length;
        return slice;
    }

    public PublicKey ReadKey() => new(Read(PublicKey.Length));

    /// <summary>A 16-bit number in one to three bytes of seven bits; only the shortest form is legal.</summary>
    public int ReadCompact()
    {
        int value = 0;
        for (int index = 0; index < MaxCompactBytes; index++)
        {
            byte part = ReadByte();
            value |= (part & 0x7f) << (7 * index);
            if ((part & 0x80) != 0) continue;
            if (index > 0 && part == 0 || value > ushort.MaxValue) break;
            return value;
        }
        throw new TransactionFormatException($"invalid compact length at byte {Position}");
    }

    private readonly TransactionFormatException End(int wanted) =>
        new($"unexpected end of the transaction: {wanted} bytes wanted at byte {Position} of {_bytes.Length}");
}
