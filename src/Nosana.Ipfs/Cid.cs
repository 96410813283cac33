using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using SimpleBase;

namespace Nosana.Ipfs;

/// <summary>
/// A content identifier of version 0: the SHA-256 digest of a dag-pb block, written as base58 of <c>12 20 || digest</c> (46 characters, <c>Qm...</c>).
/// A value; <c>default</c> is the all-zero digest, which job accounts carry as "nothing".
/// </summary>
public readonly struct Cid : IEquatable<Cid>
{
    /// <summary>Bytes of the digest, the part that is stored on chain.</summary>
    public const int DigestLength = 32;

    /// <summary>Bytes of the multihash: code, length, digest.</summary>
    public const int MultihashLength = 2 + DigestLength;

    /// <summary>Characters of the text.</summary>
    public const int TextLength = 46;

    private const byte Sha256Code = 0x12;

    private readonly ulong _a, _b, _c, _d;

    private Cid(ReadOnlySpan<byte> digest)
    {
        _a = BinaryPrimitives.ReadUInt64LittleEndian(digest);
        _b = BinaryPrimitives.ReadUInt64LittleEndian(digest[8..]);
        _c = BinaryPrimitives.ReadUInt64LittleEndian(digest[16..]);
        _d = BinaryPrimitives.ReadUInt64LittleEndian(digest[24..]);
    }

    /// <summary>The all-zero digest: no content.</summary>
    public static Cid Zero => default;

    public bool IsZero => (_a | _b | _c | _d) == 0;

    /// <summary>A fresh copy of the 32 bytes of the digest.</summary>
    public byte[] Digest
    {
        get
        {
            var digest = new byte[DigestLength];
            CopyDigestTo(digest);
            return digest;
        }
    }

    /// <param name="digest">Exactly 32 bytes, as a job account holds them.</param>
    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public static Cid FromDigest(ReadOnlySpan<byte> digest) => digest.Length == DigestLength
        ? new Cid(digest)
        : throw new ArgumentException($"The digest of a CID has {DigestLength} bytes, not {digest.Length}.", nameof(digest));

    /// <summary>The identifier of an encoded block: its SHA-256.</summary>
    public static Cid OfBlock(ReadOnlySpan<byte> block)
    {
        Span<byte> digest = stackalloc byte[DigestLength];
        SHA256.HashData(block, digest);
        return new Cid(digest);
    }

    /// <exception cref="FormatException">The text is not a CID of version 0.</exception>
    public static Cid Parse(string text) => TryParse(text, out Cid cid)
        ? cid
        : throw new FormatException(
            $"'{text}' is not a CID of version 0 (46 characters of base58, beginning with Qm); other versions cannot be stored in a job account.");

    public static bool TryParse([NotNullWhen(true)] string? text, out Cid cid)
    {
        cid = default;
        if (text is not { Length: TextLength } || text.AsSpan().ContainsAnyExceptInRange('!', '~')) return false; // at other characters the decoder throws
        Span<byte> bytes = stackalloc byte[TextLength];
        if (!Base58.Bitcoin.TryDecode(text, bytes, out int written) || written != MultihashLength) return false;
        if (bytes[0] != Sha256Code || bytes[1] != DigestLength) return false;
        cid = new Cid(bytes[2..MultihashLength]);
        return true;
    }

    /// <param name="destination">At least 32 bytes.</param>
    public void CopyDigestTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(destination, _a);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[8..], _b);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[16..], _c);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[24..], _d);
    }

    /// <param name="destination">At least 34 bytes: <c>12 20 || digest</c>, the form inside a dag-pb link.</param>
    public void CopyMultihashTo(Span<byte> destination)
    {
        destination[0] = Sha256Code;
        destination[1] = DigestLength;
        CopyDigestTo(destination[2..]);
    }

    public bool Equals(Cid other) => _a == other._a && _b == other._b && _c == other._c && _d == other._d;

    public override bool Equals(object? obj) => obj is Cid other && Equals(other);

    // A digest is well spread already.
    public override int GetHashCode() => _a.GetHashCode();

    /// <summary>The text, <c>Qm...</c>.</summary>
    public override string ToString()
    {
        Span<byte> multihash = stackalloc byte[MultihashLength];
        CopyMultihashTo(multihash);
        return Base58.Bitcoin.Encode(multihash);
    }

    public static bool operator ==(Cid left, Cid right) => left.Equals(right);

    public static bool operator !=(Cid left, Cid right) => !left.Equals(right);
}
