using System.Globalization;
using System.Text;

namespace Nosana.Node.Texts;

/// <summary>
/// Text of strangers, made harmless to read: what a terminal obeys instead of showing (escape sequences in both their forms, line breaks, marks that
/// turn the direction of writing around or that nobody sees) is written out as JSON would write it, <c>\n</c> and <c>\u001b</c>. All that
/// this program shows or logs goes through here, at the last moment: messages are put together of texts from everywhere.
/// </summary>
internal static class PlainText
{
    /// <summary>A longer sequence of colours is none.</summary>
    private const int LongestColours = 64;

    private const char Escape = '\u001b';

    /// <summary>One line: no line break stays.</summary>
    public static string OneLine(string text) => Write(text, kept: "");

    /// <summary>A document of JSON, in which a raw line break stands between values and never in one: it stays, and the document means what it meant.</summary>
    public static string Json(string document) => Write(document, kept: "\n");

    /// <summary>
    /// A line of a program's own output for a terminal: its colours and its tabs stay (SGR of ECMA-48, <c>ESC [ 1;31 m</c>), nothing else does. What
    /// it leaves switched on ends with the line.
    /// </summary>
    public static string Coloured(string line)
    {
        var shown = new StringBuilder(line.Length);
        int from = 0;
        bool coloured = false;
        for (int at = line.IndexOf(Escape); at >= 0; at = line.IndexOf(Escape, at + 1))
        {
            if (ColoursAt(line, at) is not { } length) continue;
            shown.Append(Write(line[from..at], kept: "\t")).Append(line, at, length);
            from = at + length;
            coloured = true;
        }
        shown.Append(Write(line[from..], kept: "\t"));
        return coloured ? shown.Append("\u001b[0m").ToString() : shown.ToString();
    }

    /// <summary>The same without colours, for what is not a terminal now and may be shown on one later.</summary>
    public static string Colourless(string line) => Write(line, kept: "\t");

    private static int? ColoursAt(string line, int escape)
    {
        if (escape + 1 >= line.Length || line[escape + 1] != '[') return null;
        int end = escape + 2;
        while (end < line.Length && end - escape < LongestColours && (char.IsAsciiDigit(line[end]) || line[end] is ';' or ':')) end++;
        return end < line.Length && line[end] == 'm' ? end + 1 - escape : null;
    }

    private static string Write(string text, string kept)
    {
        StringBuilder? written = null;
        int at = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            int length = rune.Utf16SequenceLength;
            // Half of a surrogate pair comes as another rune than it is.
            bool isShown = (IsShown(rune) || rune.IsBmp && kept.Contains((char)rune.Value)) && (length == 2 || !char.IsSurrogate(text[at]));
            if (!isShown) WriteOut(written ??= new StringBuilder(text, 0, at, text.Length + 16), text.AsSpan(at, length));
            else written?.Append(text, at, length);
            at += length;
        }
        return written?.ToString() ?? text;
    }

    private static bool IsShown(Rune rune) => Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static void WriteOut(StringBuilder written, ReadOnlySpan<char> units)
    {
        foreach (char unit in units)
        {
            if (unit == '\n') written.Append("\\n");
            else if (unit == '\r') written.Append("\\r");
            else if (unit == '\t') written.Append("\\t");
            else written.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
        }
    }
}
