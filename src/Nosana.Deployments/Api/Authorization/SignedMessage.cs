using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Nosana.Solana.Wallet;
using Nosana.Solana.Wallet.Utilities;

namespace Nosana.Deployments.Api.Authorization;

/// <summary>
/// An authorization of the network's clients: <c>MESSAGE:BASE58[:MILLISECONDS]</c>, the base58 being the Ed25519 signature over the message alone. Read
/// strictly: what no client writes is none. The time is nobody's signed word; it bounds what is written with it.
/// </summary>
internal sealed record SignedMessage(string Message, ReadOnlyMemory<byte> Signature, DateTimeOffset? Time)
{
    /// <summary>How long a timed one holds: the network's.</summary>
    public static readonly TimeSpan Age = TimeSpan.FromMinutes(5);

    /// <summary>How far clocks may differ: one from beyond would hold for longer than it may.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    private const int MostCharacters = 2048, MostTimeDigits = 15;

    /// <summary>False for whatever is none, and for one whose time is over or is yet to come.</summary>
    public static bool TryRead(string text, DateTimeOffset now, [NotNullWhen(true)] out SignedMessage? read)
    {
        read = null;
        if (text.Length > MostCharacters) return false;
        string[] parts = text.Split(':');
        if (parts.Length is < 2 or > 3 || parts[0].Length == 0) return false;
        DateTimeOffset? time = null;
        if (parts.Length == 3)
        {
            if (parts[2].Length is 0 or > MostTimeDigits || !long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out long milliseconds)
                || milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
                return false;
            time = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
            if (now - time >= Age || time - now > Skew) return false;
        }
        if (!Encoders.Base58.TryDecodeData(parts[1], Ed25519.SignatureLength, out byte[]? signature)) return false;
        read = new SignedMessage(parts[0], signature, time);
        return true;
    }

    /// <summary>Whether the key's owner signed the message. Keys of small order, whose owner anybody can play, have signed nothing.</summary>
    public bool IsOf(PublicKey key) => !key.IsZero && Ed25519.Verify(key, Encoding.UTF8.GetBytes(Message), Signature.Span);
}
