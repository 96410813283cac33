using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Nosana.Solana.Wallet;
using Nosana.Solana.Wallet.Utilities;

namespace Nosana.Node.Api.Authorization;

/// <summary>
/// An authorization in the form of the network's clients: <c>MESSAGE:BASE58[:MILLISECONDS]</c>, the base58 being the Ed25519 signature over the message
/// alone. The time is not signed and the message is free: whoever sees one can use it for all jobs of the same owner on all hosts, until the time is over
/// that its holder wrote into it. Read strictly: what the official clients do not write is none.
/// </summary>
internal sealed record SignedHeader(string Message, ReadOnlyMemory<byte> Signature, long? Time)
{
    /// <summary>Longer ones nobody writes: a CID or a short text, 88 characters of signature, 13 of time.</summary>
    public const int MaxLength = 2048;

    /// <summary>How long a timed one holds where nothing else is said: the official library's default.</summary>
    public static readonly TimeSpan StandardAge = TimeSpan.FromMinutes(5);

    private const char Separator = ':';

    private const int MostTimeDigits = 16;

    /// <summary>Reads a header, and looks at its age: in the official library's order, with its words for what is wrong.</summary>
    /// <param name="text">The whole value.</param>
    /// <param name="now">Of the age.</param>
    /// <param name="age">How long a timed one holds. One from the future holds, too, as there: the time is nobody's word anyway.</param>
    /// <param name="header">The header.</param>
    /// <param name="fault">Why there is none.</param>
    public static bool TryRead(
        string text, DateTimeOffset now, TimeSpan age, [NotNullWhen(true)] out SignedHeader? header, [NotNullWhen(false)] out string? fault)
    {
        (header, fault) = (null, AuthorizationFault.InvalidSignature);
        if (text.Length > MaxLength) return false;
        string[] parts = text.Split(Separator);
        if (parts.Length < 2 || parts[0].Length == 0 || parts[1].Length == 0) return false;
        long? time = null;
        if (parts.Length > 2)
        {
            if (ReadTime(parts[2]) is { } read) time = read;
            else if (parts.Length == 3) return false;
        }
        if (time is { } made && now.ToUnixTimeMilliseconds() - made >= age.TotalMilliseconds)
        {
            fault = AuthorizationFault.Expired;
            return false;
        }
        if (!TryReadSignature(parts[1], out byte[]? signature, out fault)) return false;
        if (parts.Length > 3)
        {
            fault = AuthorizationFault.InvalidSignature;
            return false;
        }
        header = new SignedHeader(parts[0], signature, time);
        return true;
    }

    /// <summary>A signature in base58, or the official library's word for what it is instead.</summary>
    public static bool TryReadSignature(string base58, [NotNullWhen(true)] out byte[]? signature, [NotNullWhen(false)] out string? fault)
    {
        fault = null;
        if (Encoders.Base58.TryDecodeData(base58, Ed25519.SignatureLength, out signature)) return true;
        fault = base58.All(IsBase58) ? AuthorizationFault.SignatureSize : AuthorizationFault.NotBase58;
        return false;
    }

    /// <summary>Whether the key's owner signed the message. The all-zero key, whose owner anybody can play, has signed nothing.</summary>
    public bool IsOf(PublicKey key) => !key.IsZero && Ed25519.Verify(key, Encoding.UTF8.GetBytes(Message), Signature.Span);

    private static long? ReadTime(string text) =>
        text.Length is > 0 and <= MostTimeDigits && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long time) ? time : null;

    private static bool IsBase58(char c) => char.IsAsciiLetterOrDigit(c) && c is not ('0' or 'O' or 'I' or 'l');
}

/// <summary>What is wrong with an authorization, in the words of the official host and its library.</summary>
internal static class AuthorizationFault
{
    public const string Unauthorized = "Unauthorized Request";

    public const string InvalidSignature = "Invalid signature.";

    public const string Expired = "Authorization has expired.";

    public const string NotBase58 = "Non-base58 character";

    public const string SignatureSize = "bad signature size";

    public const string InvalidKey = "Invalid public key input";

    public const string Missing = "Header not found with key authorization.";

    public const string InvalidType = "Header has invalid type.";

    /// <summary>Ours: the setting <c>apiBoundOnly</c> wants the form that names job, host, call and time.</summary>
    public const string BoundOnly = "This host takes calls that change something in the bound form alone, see docs/api.md.";

    /// <summary>Ours: a bound authorization was used before.</summary>
    public const string Replayed = "The authorization was used already.";

    /// <summary>Ours: a bound authorization is for something else.</summary>
    public const string OtherCall = "The authorization is for another job, host, call or body.";

    public static string NoSuchJob(string job) => $"Account does not exist or has no data {job}";

    public static string Of(string reason) => $"{Unauthorized}: {reason}";
}
