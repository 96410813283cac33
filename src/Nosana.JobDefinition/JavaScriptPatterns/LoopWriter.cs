using System.Globalization;
using System.Text;

namespace Nosana.JobDefinition.JavaScriptPatterns;

/// <summary>
/// Writes loops of JavaScript for .NET: each round forgets what groups of the round before captured, and a round that consumes nothing
/// is refused once the least number of rounds is done.
/// </summary>
internal sealed class LoopWriter
{
    private const int MaxRepeated = 4 * 1024;

    private int _nextMark;

    /// <summary>
    /// How much .NET may have to remember for each character of a text, in steps of up to a hundred bytes: for every round of a loop over more than a
    /// character its captures, which are kept until the match ends, and the way back through the loops in it.
    /// </summary>
    public long Remembered { get; private set; }

    /// <summary>Writes one loop.</summary>
    /// <param name="atom">What is repeated.</param>
    /// <param name="min">Least rounds.</param>
    /// <param name="max">Most rounds; <see cref="int.MaxValue"/> for any number.</param>
    /// <param name="isLazy">As few rounds as possible.</param>
    /// <param name="groups">The first group within the atom and the first one after it.</param>
    /// <param name="isBackward">Inside a lookbehind, which both engines read from right to left.</param>
    public PatternPiece Write(PatternPiece atom, int min, int max, bool isLazy, (int First, int End) groups, bool isBackward)
    {
        string lazy = isLazy ? "?" : "";
        bool isNullable = min == 0 || atom.IsNullable;
        // A loop over one character is counted with its round: .NET keeps where it began and ended.
        if (max > 1 && atom.Text[0] == '(') Remembered += 1 + atom.Loops + 2L * (groups.End - groups.First + (atom.IsNullable ? 1 : 0));
        int loops = atom.Loops + 1;
        string clear = Clear(groups);
        string plain = Round(atom.Text, clear, isBackward);
        if (!atom.IsNullable || max == min) return new PatternPiece(Loop(plain, min, max, lazy), isNullable, loops);

        string text = Loop(Round(Progressing(atom.Text, isBackward), clear, isBackward), 0, max == int.MaxValue ? max : max - min, lazy);
        if (min > 0)
        {
            if (atom.Text.Length > MaxRepeated) return new PatternPiece(Loop(plain, min, max, lazy), isNullable, loops);
            string first = Loop(plain, min, min, "");
            text = isBackward ? text + first : first + text;
        }
        return new PatternPiece($"(?:{text})", isNullable, loops);
    }

    private static string Loop(string round, int min, int max, string lazy)
    {
        string count = (min, max) switch
        {
            (0, int.MaxValue) => "*",
            (1, int.MaxValue) => "+",
            (0, 1) => "?",
            (_, int.MaxValue) => string.Create(CultureInfo.InvariantCulture, $"{{{min},}}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{{{min},{max}}}"),
        };
        return $"(?:{round}){count}{lazy}";
    }

    /// <summary>One round of a loop; it starts at its right end when .NET reads backward.</summary>
    private static string Round(string atom, string start, bool isBackward) => isBackward ? atom + start : start + atom;

    /// <summary>Captures of the round before are forgotten.</summary>
    private static string Clear((int First, int End) groups)
    {
        var clear = new StringBuilder();
        for (int group = groups.First; group < groups.End; group++) clear.Append(CultureInfo.InvariantCulture, $"(?({group})(?<-{group}>))");
        return clear.ToString();
    }

    /// <summary>The atom, but only where it consumes something: what is left of the text is compared before and after.</summary>
    private string Progressing(string atom, bool isBackward)
    {
        string mark = string.Create(CultureInfo.InvariantCulture, $"p{_nextMark++}");
        string before = $"(?=(?<{mark}>[\\s\\S]*))";
        string after = $"(?!\\k<{mark}>\\z)";
        return isBackward ? $"{after}(?:{atom}){before}" : $"{before}(?:{atom}){after}";
    }
}
