using System.Globalization;
using System.Text;

namespace Nosana.JobDefinition.JavaScriptPatterns;

/// <summary>A set of UTF-16 code units, as JavaScript's classes without flags mean it, written for .NET as plain ranges.</summary>
internal sealed class CharacterSet
{
    private readonly List<(char First, char Last)> _ranges = [];

    public static CharacterSet Digits { get; } = new CharacterSet().Add('0', '9');

    public static CharacterSet Words { get; } = new CharacterSet().Add('0', '9').Add('A', 'Z').Add('_', '_').Add('a', 'z');

    /// <summary>WhiteSpace and LineTerminator of ECMA-262.</summary>
    public static CharacterSet Spaces { get; } = new CharacterSet()
        .Add('\t', '\r').Add(' ', ' ').Add('\u00a0', '\u00a0').Add('\u1680', '\u1680').Add('\u2000', '\u200a')
        .Add('\u2028', '\u2029').Add('\u202f', '\u202f').Add('\u205f', '\u205f').Add('\u3000', '\u3000').Add('\ufeff', '\ufeff');

    public static CharacterSet LineEnds { get; } = new CharacterSet().Add('\n', '\n').Add('\r', '\r').Add('\u2028', '\u2029');

    public CharacterSet Add(char first, char last)
    {
        _ranges.Add((first, last));
        return this;
    }

    public CharacterSet Add(CharacterSet other)
    {
        _ranges.AddRange(other._ranges);
        return this;
    }

    public CharacterSet Complement()
    {
        var complement = new CharacterSet();
        int next = 0;
        foreach ((char first, char last) in _ranges.OrderBy(r => r.First))
        {
            if (first > next) complement.Add((char)next, (char)(first - 1));
            next = Math.Max(next, last + 1);
        }
        if (next <= char.MaxValue) complement.Add((char)next, char.MaxValue);
        return complement;
    }

    /// <summary>As a class of .NET; nothing at all and everything have forms of their own.</summary>
    public string ToPattern()
    {
        if (_ranges.Count == 0) return "(?!)";
        if (_ranges.Count == 1 && _ranges[0].First == _ranges[0].Last) return Escape(_ranges[0].First);
        var pattern = new StringBuilder("[");
        foreach ((char first, char last) in _ranges)
        {
            pattern.Append(Escape(first));
            if (last != first) pattern.Append('-').Append(Escape(last));
        }
        return pattern.Append(']').ToString();
    }

    /// <summary>One character that stands for itself anywhere in a .NET pattern.</summary>
    public static string Escape(char c) =>
        char.IsAsciiLetterOrDigit(c) ? c.ToString() : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
}
