using System.Buffers.Binary;
using System.Text;
using Nosana.LocalNet.Runtime;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.BuiltIn;

/// <summary>Reads instruction data in order; too little of it fails with the error the program names.</summary>
internal ref struct DataReader(ReadOnlySpan<byte> data, InstructionError onEnd)
{
    private const int KeyLength = PublicKey.Length;

    private ReadOnlySpan<byte> _rest = data;

    public byte U8() => Take(1)[0];

    public uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong U64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public PublicKey Key() => new(Take(KeyLength));

    /// <summary>One byte, then a key when it is 1.</summary>
    public PublicKey? OptionalKey() => U8() switch
    {
        0 => null,
        1 => Key(),
        _ => throw new InstructionFailure(onEnd),
    };

    /// <summary>A length of 8 bytes, then UTF-8.</summary>
    public string Text()
    {
        ulong length = U64();
        return length > (ulong)_rest.Length ? throw new InstructionFailure(onEnd) : Encoding.UTF8.GetString(Take((int)length));
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (_rest.Length < length) throw new InstructionFailure(onEnd);
        ReadOnlySpan<byte> taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
