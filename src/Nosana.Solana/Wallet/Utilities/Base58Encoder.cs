using System.Diagnostics.CodeAnalysis;
using SimpleBase;

namespace Nosana.Solana.Wallet.Utilities;

/// <summary>Base58 with Bitcoin's alphabet.</summary>
public sealed class Base58Encoder
{
    internal Base58Encoder()
    {
    }

    [SuppressMessage("Performance", "CA1822", Justification = "Reached as Encoders.Base58, as in Solnet.")]
    public string EncodeData(ReadOnlySpan<byte> data) => data.IsEmpty ? string.Empty : Base58.Bitcoin.Encode(data);

    /// <exception cref="FormatException">The text has a character outside the alphabet.</exception>
    public byte[] DecodeData(string encoded)
    {
        ArgumentNullException.ThrowIfNull(encoded);
        return TryDecode(encoded, out byte[]? data)
            ? data
            : throw new FormatException("The text is not base58: it has a character outside the alphabet (0, O, I, l and punctuation are not in it).");
    }

    /// <summary>False unless the text is base58 of exactly <paramref name="length"/> bytes.</summary>
    public bool TryDecodeData(string? encoded, int length, [NotNullWhen(true)] out byte[]? data)
    {
        data = null;
        // Base58 needs at most 1.37 characters a byte; longer text cannot fit and is not worth decoding (the algorithm is quadratic).
        if (encoded is null || encoded.Length < length || encoded.Length > length * 138 / 100 + 1) return false;
        return TryDecode(encoded, out data) && data.Length == length;
    }

    [SuppressMessage("Performance", "CA1822", Justification = "Used by instance members only.")]
    private bool TryDecode(string encoded, [NotNullWhen(true)] out byte[]? data)
    {
        data = [];
        if (encoded.Length == 0) return true;
        // The library looks beyond the end of its table for a character that comes after the alphabet's.
        if (!encoded.All(char.IsAsciiLetterOrDigit))
        {
            data = null;
            return false;
        }
        var buffer = new byte[encoded.Length + 8];
        // The decoder throws at what is not printable ASCII, instead of saying that it is no base58.
        if (encoded.AsSpan().ContainsAnyExceptInRange('!', '~') || !Base58.Bitcoin.TryDecode(encoded, buffer, out int written))
        {
            data = null;
            return false;
        }
        data = buffer[..written];
        return true;
    }
}
