using System.Text;

namespace Nosana.Node.Engine;

/// <summary>An engine's own words as a part of ours: one short line without anything that moves a terminal, and without what a third party sent it.</summary>
internal static class Reason
{
    /// <summary>Characters; an engine that refuses a container names its command, which may be long.</summary>
    private const int MaxLength = 400;

    /// <summary>From here on an engine quotes what a registry sent.</summary>
    private static readonly string[] Quotes = [" response body", " body: "];

    public static string Of(string words)
    {
        foreach (string quote in Quotes)
        {
            if (words.IndexOf(quote, StringComparison.OrdinalIgnoreCase) is >= 0 and var at) words = words[..at];
        }
        var line = new StringBuilder(Math.Min(words.Length, MaxLength));
        foreach (Rune rune in words.EnumerateRunes())
        {
            bool isBlank = Rune.IsWhiteSpace(rune) || Rune.IsControl(rune)
                || Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.OtherNotAssigned;
            if (isBlank && (line.Length == 0 || line[^1] == ' ')) continue;
            if (line.Length + rune.Utf16SequenceLength > MaxLength) return $"{line.ToString().TrimEnd()}…";
            line.Append(isBlank ? " " : rune.ToString());
        }
        return line.ToString().TrimEnd(' ', '.');
    }
}
