using System.Globalization;

namespace Nosana.Node.Tests.Texts;

/// <summary>What strangers write to be obeyed by whoever shows it, and how one sees that nothing is left of it.</summary>
internal static class Hostile
{
    /// <summary>A title, a cleared screen, the clipboard, one-byte sequences, forged lines, turned writing, what nobody sees.</summary>
    public static TheoryData<string> Texts =>
    [
        "a\u001b]0;title\u0007\u001b[2J\u001b[H\n21:00:00.000 info  FORGED line",
        "\u001b]52;c;cm0gLXJmIC8=\u0007",
        "\u009b2J\u009d52;c;cm0gLXJmIC8=\u009c",
        "\r\n<3>FORGED by carriage return",
        "\u0085\u2028\u2029FORGED by other line ends\v\f",
        "\u202Egnp.exe\u202C \u2066\u2069\u200F\u061C",
        "\u200B\uFEFF\u00AD\U000E0041\U000E007F",
        "\0\b\u007f",
        "{Image} {0} {{x}} \u001b[31m",
    ];

    /// <summary>Whether a terminal or a log would take any of it for something else than letters of one line.</summary>
    public static bool IsHarmless(string shown, string allowed = "") => shown.EnumerateRunes().All(rune =>
        rune.IsBmp && allowed.Contains((char)rune.Value) || System.Text.Rune.GetUnicodeCategory(rune)
            is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator));
}
