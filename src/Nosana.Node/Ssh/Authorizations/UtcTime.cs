using System.Globalization;

namespace Nosana.Node.Ssh.Authorizations;

/// <summary>Strict ISO 8601 in UTC: <c>2026-01-01T00:05:00Z</c> or with milliseconds, and a date that exists.</summary>
internal static class UtcTime
{
    private static readonly string[] s_forms = ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.fff'Z'"];

    public static bool TryParse(string? text, out DateTimeOffset time) => DateTimeOffset.TryParseExact(
        text, s_forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    /// <summary>With milliseconds, as JavaScript's <c>toISOString</c> writes it.</summary>
    public static string Write(DateTimeOffset time) => time.UtcDateTime.ToString(s_forms[1], CultureInfo.InvariantCulture);
}
