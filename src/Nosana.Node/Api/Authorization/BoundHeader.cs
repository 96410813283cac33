using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Api.Authorization;

/// <summary>
/// An authorization for one call: <c>MESSAGE:BASE58</c>, where the message, which is signed, is
/// <c>nosana-request-v1 HOST JOB MILLISECONDS METHOD PATH SHA256</c>: the host's address, the job's, the time, what is asked (a WebSocket's method is WS
/// and its path that of its first frame) and the digest of the body in lower-case hex, or <c>-</c> without one. It is of no use at another host, for another
/// job or call, with another body, after a minute, or, where something is changed, a second time.
/// </summary>
internal sealed record BoundHeader(string Message, string Host, string Job, DateTimeOffset Time, string Method, string Path, string Body, byte[] Signature)
{
    public const string Form = "nosana-request-v1";

    public const string NoBody = "-";

    /// <summary>Of the WebSocket's first frame.</summary>
    public const string SocketMethod = "WS";

    /// <summary>Older or newer than that it is not taken: clocks differ, and a call is not long under way.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private const int Fields = 7;

    /// <summary>Whether a text claims to be one; then it is one or nothing.</summary>
    public static bool Claims(string text) => text.StartsWith(Form + " ", StringComparison.Ordinal);

    public static bool TryRead(string text, [NotNullWhen(true)] out BoundHeader? header, [NotNullWhen(false)] out string? fault)
    {
        (header, fault) = (null, AuthorizationFault.InvalidSignature);
        int end = text.LastIndexOf(':');
        if (text.Length > SignedHeader.MaxLength || end < 0) return false;
        string message = text[..end];
        string[] fields = message.Split(' ');
        if (fields.Length != Fields || !long.TryParse(fields[3], NumberStyles.None, CultureInfo.InvariantCulture, out long time)) return false;
        if (time > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()) return false;
        if (!SignedHeader.TryReadSignature(text[(end + 1)..], out byte[]? signature, out fault)) return false;
        header = new BoundHeader(message, fields[1], fields[2], DateTimeOffset.FromUnixTimeMilliseconds(time), fields[4], fields[5], fields[6], signature);
        return true;
    }

    public static string MessageFor(string host, string job, DateTimeOffset time, string method, string path, string body) =>
        string.Create(CultureInfo.InvariantCulture, $"{Form} {host} {job} {time.ToUnixTimeMilliseconds()} {method} {path} {body}");

    public static string DigestOf(ReadOnlySpan<byte> body) => body.IsEmpty ? NoBody : Convert.ToHexStringLower(SHA256.HashData(body));

    public bool IsFresh(DateTimeOffset now) => (now - Time).Duration() < Window;

    /// <summary>Whether it is for this and nothing else; compared in constant time.</summary>
    public bool IsFor(string host, string job, string method, string path, string body) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Message), Encoding.UTF8.GetBytes(MessageFor(host, job, Time, method, path, body)));

    public bool IsOf(PublicKey key) => !key.IsZero && Ed25519.Verify(key, Encoding.UTF8.GetBytes(Message), Signature);
}
