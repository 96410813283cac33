using System.Text.RegularExpressions;

namespace Nosana.Node.Ssh.Authorizations;

/// <summary>What a job's owner signs for a terminal in a browser.</summary>
internal static partial class TerminalAuthorization
{
    private const string FirstLine = "Nosana Terminal Authorization v1", Audience = "nosana-web-terminal";

    private static readonly string[] s_keys = ["job", "node", "expiresAt", "op", "network", "audience"];

    /// <param name="signature">Base64 of the 64 bytes.</param>
    /// <param name="op">The operation that it is for; null is any.</param>
    /// <returns>Why it opens nothing; null when it does.</returns>
    public static string? FaultOf(string message, string signature, SigningContext expected, out string? op)
    {
        op = null;
        var bytes = new byte[64];
        if (!Convert.TryFromBase64String(signature, bytes, out int length) || length != bytes.Length || !expected.IsSigned(message, bytes))
            return "Invalid signature.";
        if (AuthorizationText.Read(message, FirstLine, s_keys) is not { } values || !values.ContainsKey("job") || !values.ContainsKey("node"))
            return "Invalid terminal authorization.";
        if (AuthorizationText.EndOf(values, expected.Now) is null) return "Authorization has expired.";
        if (!values.IsOrLacks("job", expected.Job)) return "The authorization is for another job.";
        if (!values.IsOrLacks("node", expected.Node)) return "The authorization is for another node.";
        if (!values.IsOrLacks("network", expected.Networks)) return "The authorization is for another network.";
        if (!values.IsOrLacks("audience", Audience)) return "The authorization is for something else.";
        if (values.TryGetValue("op", out op) && !OpId().IsMatch(op)) return "Invalid terminal authorization.";
        return null;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._:-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex OpId();
}
