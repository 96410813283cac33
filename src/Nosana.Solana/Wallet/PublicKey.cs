using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using SimpleBase;

namespace Nosana.Solana.Wallet;

/// <summary>An address on Solana: 32 bytes, written in base58. A value: two equal addresses are equal and hash alike.</summary>
[JsonConverter(typeof(PublicKeyConverter))]
public readonly struct PublicKey : IEquatable<PublicKey>, IComparable<PublicKey>
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 32;

    /// <summary>Seeds of a program-derived address: at most 16, at most 32 bytes each (Solana's <c>MAX_SEEDS</c> and <c>MAX_SEED_LEN</c>).</summary>
    public const int MaxSeeds = 16;

    private static ReadOnlySpan<byte> ProgramDerivedAddressMarker => "ProgramDerivedAddress"u8;

    // Read as little-endian words, so that equality and hashing touch four registers and no heap.
    private readonly ulong _a, _b, _c, _d;

    public PublicKey(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length) throw new ArgumentException($"A public key has {Length} bytes, not {bytes.Length}.", nameof(bytes));
        _a = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]);
        _d = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]);
    }

    /// <param name="key">Base58 text, 32 to 44 characters.</param>
    /// <exception cref="FormatException">The text is not the base58 form of 32 bytes.</exception>
    public PublicKey(string key) => this = Parse(key);

    /// <summary>The base58 text.</summary>
    public string Key => Base58.Bitcoin.Encode(KeyBytes);

    /// <summary>A fresh copy of the 32 bytes.</summary>
    public byte[] KeyBytes
    {
        get
        {
            var bytes = new byte[Length];
            CopyTo(bytes);
            return bytes;
        }
    }

    public bool IsZero => (_a | _b | _c | _d) == 0;

    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(destination, _a);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[8..], _b);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[16..], _c);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[24..], _d);
    }

    public static PublicKey Parse(string key) =>
        TryParse(key, out PublicKey parsed) ? parsed : throw new FormatException($"'{key}' is not a Solana address (base58 text of 32 bytes).");

    public static bool TryParse([NotNullWhen(true)] string? key, out PublicKey parsed)
    {
        parsed = default;
        // The decoder throws at what is not printable ASCII, instead of saying that it is no base58.
        if (key is null || key.Length is < 32 or > 44 || key.AsSpan().ContainsAnyExceptInRange('!', '~')) return false;
        Span<byte> bytes = stackalloc byte[48];
        if (!Base58.Bitcoin.TryDecode(key, bytes, out int written) || written != Length) return false;
        parsed = new PublicKey(bytes[..Length]);
        return true;
    }

    /// <summary>Whether the 32 bytes are a point of the ed25519 curve. Program-derived addresses are not.</summary>
    public static bool IsOnCurve(ReadOnlySpan<byte> bytes) => Ed25519Curve.IsPoint(bytes);

    /// <summary>The address for exactly these seeds; false when it falls on the curve.</summary>
    public static bool TryCreateProgramAddress(IReadOnlyList<byte[]> seeds, PublicKey programId, out PublicKey address)
    {
        if (seeds.Count > MaxSeeds) throw new ArgumentException($"At most {MaxSeeds} seeds, not {seeds.Count}.", nameof(seeds));
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (byte[] seed in seeds)
        {
            if (seed.Length > Length) throw new ArgumentException($"A seed has at most {Length} bytes, not {seed.Length}.", nameof(seeds));
            sha.AppendData(seed);
        }
        sha.AppendData(programId.KeyBytes);
        sha.AppendData(ProgramDerivedAddressMarker);
        Span<byte> hash = stackalloc byte[Length];
        sha.GetHashAndReset(hash);
        address = default;
        if (IsOnCurve(hash)) return false;
        address = new PublicKey(hash);
        return true;
    }

    /// <summary>The address with the highest bump seed that falls off the curve.</summary>
    public static bool TryFindProgramAddress(IEnumerable<byte[]> seeds, PublicKey programId, out PublicKey address, out byte bump)
    {
        byte[][] withBump = [.. seeds, new byte[1]];
        for (int candidate = 255; candidate >= 0; candidate--)
        {
            withBump[^1][0] = (byte)candidate;
            if (!TryCreateProgramAddress(withBump, programId, out address)) continue;
            bump = (byte)candidate;
            return true;
        }
        address = default;
        bump = 0;
        return false;
    }

    public bool Equals(PublicKey other) => _a == other._a && _b == other._b && _c == other._c && _d == other._d;

    public override bool Equals(object? obj) => obj is PublicKey other && Equals(other);

    // All 32 bytes count: addresses are chosen by strangers, and by tests that number them.
    public override int GetHashCode() => HashCode.Combine(_a, _b, _c, _d);

    public int CompareTo(PublicKey other) => KeyBytes.AsSpan().SequenceCompareTo(other.KeyBytes);

    public override string ToString() => Key;

    public static bool operator ==(PublicKey left, PublicKey right) => left.Equals(right);

    public static bool operator !=(PublicKey left, PublicKey right) => !left.Equals(right);

    public static bool operator <(PublicKey left, PublicKey right) => left.CompareTo(right) < 0;

    public static bool operator <=(PublicKey left, PublicKey right) => left.CompareTo(right) <= 0;

    public static bool operator >(PublicKey left, PublicKey right) => left.CompareTo(right) > 0;

    public static bool operator >=(PublicKey left, PublicKey right) => left.CompareTo(right) >= 0;

    public static implicit operator string(PublicKey key) => key.Key;
}
