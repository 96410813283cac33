using Nosana.JobDefinition.Ssh;
using Nosana.Node.Ssh.Keys;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Ssh.Authorizations;

/// <summary>
/// The older ways to grant a key: the owner signs a text with it, and the request carries nothing else. Clients that are in use send them still.
/// </summary>
internal static class SignedKeyGrant
{
    private const string FirstLine = "Nosana SSH Authorization v1", Audience = "nosana-ssh-gateway";

    private static readonly string[] s_keys = ["job", "node", "sshUser", "sshPublicKey", "expiresAt", "network", "audience"];

    /// <summary>Who logs in at the node's gateway.</summary>
    public static string GatewayUser(string job) => $"nosana-{job}";

    /// <summary>The command line's and the first kit's: every line is there, and it ends within minutes.</summary>
    /// <param name="expected">What it must speak of.</param>
    /// <param name="signature">Base64 of the 64 bytes.</param>
    /// <returns>Null when it grants nothing.</returns>
    public static SshGrant? OfMessage(string message, string signature, SigningContext expected)
    {
        var bytes = new byte[Ed25519Length];
        if (!Convert.TryFromBase64String(signature, bytes, out int length) || length != bytes.Length) return null;
        if (!expected.IsSigned(message, bytes) || AuthorizationText.Read(message, FirstLine, s_keys) is not { } values) return null;
        if (s_keys.Any(key => !values.ContainsKey(key)) || AuthorizationText.EndOf(values, expected.Now) is not { } end) return null;
        return KeyOf(values, expected) is { } key ? new SshGrant(key, end) : null;
    }

    /// <summary>The intermediate deployment manager's: <c>TEXT:SIGNATURE</c>, the signature in base58, and a text that has no end.</summary>
    /// <returns>Null when it grants nothing.</returns>
    public static SshGrant? OfAuthorization(string authorization, SigningContext expected)
    {
        int colon = authorization.LastIndexOf(':');
        if (colon < 0) return null;
        (string text, string encoded) = (authorization[..colon], authorization[(colon + 1)..]);
        if (!SigningContext.TryDecode(encoded, out byte[]? signature) || !expected.IsSigned(text, signature)) return null;
        if (AuthorizationText.Read(text, FirstLine, s_keys) is not { } values || !values.ContainsKey("job")) return null;
        DateTimeOffset? end = AuthorizationText.EndOf(values, expected.Now);
        if (values.ContainsKey("expiresAt") && end is null) return null;
        return KeyOf(values, expected) is { } key ? new SshGrant(key, end) : null;
    }

    private const int Ed25519Length = 64;

    private static SshPublicKey? KeyOf(IReadOnlyDictionary<string, string> values, SigningContext expected) =>
        values.IsOrLacks("job", expected.Job) && values.IsOrLacks("node", expected.Node) && values.IsOrLacks("audience", Audience)
        && values.IsOrLacks("sshUser", GatewayUser(expected.Job), "nosana") && values.IsOrLacks("network", expected.Networks)
        && SshPublicKey.TryParse(values.GetValueOrDefault("sshPublicKey"), out SshPublicKey? key, out _)
            ? key
            : null;
}
