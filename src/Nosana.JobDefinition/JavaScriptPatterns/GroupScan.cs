using System.Globalization;
using System.Text;

namespace Nosana.JobDefinition.JavaScriptPatterns;

/// <summary>Counts the capture groups of a JavaScript pattern before it is read: references may come before their groups.</summary>
internal sealed class GroupScan(string pattern)
{
    public (int Count, Dictionary<string, int> Names) Run()
    {
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        int count = 0;
        bool inClass = false;
        for (int at = 0; at < pattern.Length; at++)
        {
            switch (pattern[at])
            {
                case '\\':
                    at++;
                    break;
                case '[':
                    inClass = true;
                    break;
                case ']':
                    inClass = false;
                    break;
                case '(' when !inClass:
                    if (at + 1 >= pattern.Length || pattern[at + 1] != '?')
                    {
                        count++;
                        break;
                    }
                    if (at + 3 >= pattern.Length || pattern[at + 2] != '<' || pattern[at + 3] is '=' or '!') break;
                    count++;
                    int nameAt = at + 3;
                    ReadName(pattern, ref nameAt, out string? name);
                    if (name is not null) names.TryAdd(name, count);
                    break;
            }
        }
        return (count, names);
    }

    /// <summary>Reads <c>name&gt;</c>; the name is null when it is not one.</summary>
    public static void ReadName(string pattern, ref int at, out string? name)
    {
        name = null;
        var text = new StringBuilder();
        while (at < pattern.Length && pattern[at] != '>')
        {
            if (!TryReadRune(pattern, ref at, out Rune rune) || !(text.Length == 0 ? IsStart(rune) : IsPart(rune))) return;
            text.Append(rune.ToString());
        }
        if (at >= pattern.Length || text.Length == 0) return;
        at++;
        name = text.ToString();
    }

    private static bool TryReadRune(string pattern, ref int at, out Rune rune)
    {
        if (pattern[at] != '\\')
        {
            if (!Rune.TryGetRuneAt(pattern, at, out rune)) return false;
            at += rune.Utf16SequenceLength;
            return true;
        }
        rune = default;
        if (at + 1 >= pattern.Length || pattern[at + 1] != 'u') return false;
        at += 2;
        bool hasBraces = at < pattern.Length && pattern[at] == '{';
        int end = hasBraces ? pattern.IndexOf('}', at) : at + 4;
        if (end < 0 || end > pattern.Length) return false;
        int start = hasBraces ? at + 1 : at;
        ReadOnlySpan<char> digits = pattern.AsSpan(start, end - start);
        if (!int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value)) return false;
        if (!Rune.TryCreate(value, out rune)) return false;
        at = hasBraces ? end + 1 : end;
        return true;
    }

    private static bool IsStart(Rune rune) =>
        rune.Value is '$' or '_'
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber;

    private static bool IsPart(Rune rune) =>
        IsStart(rune)
        || rune.Value is 0x200C or 0x200D
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
            or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.ConnectorPunctuation;
}
