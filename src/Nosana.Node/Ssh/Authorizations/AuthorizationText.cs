namespace Nosana.Node.Ssh.Authorizations;

/// <summary>
/// A text that a job's owner signed, by the official clients' rules: the first line is exact; lines end in LF or CRLF, blank ones are skipped; every other is
/// <c>key: value</c>, trimmed. A key that is twice there or that nobody knows, a line without one, and a key without a value make it none.
/// </summary>
internal static class AuthorizationText
{
    /// <summary>How far ahead its end may be.</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(5);

    /// <summary>How far the signer's clock may be ahead.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    /// <returns>The values by their keys; null when the text is none of that kind.</returns>
    public static IReadOnlyDictionary<string, string>? Read(string text, string firstLine, IReadOnlyCollection<string> known)
    {
        string[] lines = [.. text.Split('\n').Select(line => line.EndsWith('\r') ? line[..^1] : line)];
        if (lines[0] != firstLine) return null;
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in lines.Skip(1))
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0) return null;
            (string key, string value) = (line[..colon].Trim(), line[(colon + 1)..].Trim());
            if (!known.Contains(key) || value.Length == 0 || !values.TryAdd(key, value)) return null;
        }
        return values;
    }

    /// <summary>Whether the value is as it must be, where it is there at all.</summary>
    public static bool IsOrLacks(this IReadOnlyDictionary<string, string> values, string key, params IReadOnlyList<string> allowed) =>
        !values.TryGetValue(key, out string? value) || allowed.Contains(value);

    /// <summary>When it ends: a moment to come, and not far.</summary>
    /// <returns>Null when that is not so.</returns>
    public static DateTimeOffset? EndOf(IReadOnlyDictionary<string, string> values, DateTimeOffset now) =>
        values.TryGetValue("expiresAt", out string? text) && UtcTime.TryParse(text, out DateTimeOffset end) && end > now && end <= now + LongestLife + Skew
            ? end
            : null;
}
