using System.Buffers.Binary;
using System.Text;
using Nosana.Solana.Wallet;

namespace Nosana.Programs.Borsh;

/// <summary>
/// Reads Borsh fields in order: integers little-endian, vectors and strings behind a u32 count. The first read that does not fit sets
/// <see cref="Failed"/>; it and all later reads then give zero values, so that a caller asks once, at the end.
/// </summary>
public ref struct BorshReader(ReadOnlySpan<byte> data)
{
    private readonly ReadOnlySpan<byte> _data = data;
    private int _position;

    /// <summary>Whether a read ran past the end or met bytes that its type does not have.</summary>
    public bool Failed { get; private set; }

    /// <summary>Bytes consumed so far.</summary>
    public readonly int Position => _position;

    public readonly int Remaining => _data.Length - _position;

    public byte ReadU8()
    {
        ReadOnlySpan<byte> bytes = Take(1);
        return bytes.IsEmpty ? (byte)0 : bytes[0];
    }

    /// <summary>One byte, 0 or 1; any other is a failure.</summary>
    public bool ReadBool()
    {
        byte value = ReadU8();
        if (value > 1) Failed = true;
        return value == 1;
    }

    public ushort ReadU16()
    {
        ReadOnlySpan<byte> bytes = Take(sizeof(ushort));
        return bytes.IsEmpty ? (ushort)0 : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
    }

    public uint ReadU32()
    {
        ReadOnlySpan<byte> bytes = Take(sizeof(uint));
        return bytes.IsEmpty ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    public ulong ReadU64()
    {
        ReadOnlySpan<byte> bytes = Take(sizeof(ulong));
        return bytes.IsEmpty ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    public long ReadI64() => unchecked((long)ReadU64());

    public UInt128 ReadU128()
    {
        ReadOnlySpan<byte> bytes = Take(16);
        return bytes.IsEmpty ? UInt128.Zero : BinaryPrimitives.ReadUInt128LittleEndian(bytes);
    }

    public PublicKey ReadPublicKey()
    {
        ReadOnlySpan<byte> bytes = Take(PublicKey.Length);
        return bytes.IsEmpty ? default : new PublicKey(bytes);
    }

    /// <summary>A fresh array; empty when the read failed.</summary>
    public byte[] ReadBytes(int count) => Take(count).ToArray();

    public PublicKey[] ReadPublicKeys()
    {
        uint count = ReadU32();
        // Checked before the allocation: a damaged count must not ask for gigabytes.
        if (Failed || count > (uint)(Remaining / PublicKey.Length))
        {
            Failed = true;
            return [];
        }
        var keys = new PublicKey[count];
        for (int i = 0; i < keys.Length; i++) keys[i] = ReadPublicKey();
        return keys;
    }

    /// <summary>UTF-8 text; bytes that are not UTF-8 are a failure.</summary>
    public string ReadString()
    {
        uint length = ReadU32();
        if (Failed || length > (uint)Remaining)
        {
            Failed = true;
            return "";
        }
        try
        {
            return StrictUtf8.GetString(Take((int)length));
        }
        catch (DecoderFallbackException)
        {
            Failed = true;
            return "";
        }
    }

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private ReadOnlySpan<byte> Take(int count)
    {
        if (Failed || count > Remaining)
        {
            Failed = true;
            return [];
        }
        ReadOnlySpan<byte> bytes = _data.Slice(_position, count);
        _position += count;
        return bytes;
    }
}
