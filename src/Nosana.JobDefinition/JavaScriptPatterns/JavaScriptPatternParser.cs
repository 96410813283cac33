using System.Globalization;
using System.Text;

namespace Nosana.JobDefinition.JavaScriptPatterns;

/// <summary>
/// Reads a pattern by the grammar of ECMA-262 without flags (with its annex for the web, as node reads it) and writes one for
/// .NET that means the same. What differs: <c>.</c>, <c>$</c>, <c>\d \w \s \b</c>, identity escapes, numbers of named groups,
/// references to groups that took no part, captures of earlier rounds of a loop, and rounds that consume nothing.
/// </summary>
internal sealed class JavaScriptPatternParser
{
    private const int MaxLength = 64 * 1024;
    private const int MaxDepth = 200;

    // Every entry of a log may give as many texts as there are groups.
    private const int MaxGroups = 1000;

    private const string TooLarge = "Regular expression too large";
    private const string NothingToRepeat = "Nothing to repeat";
    private const string Word = "[0-9A-Z_a-z]";

    private readonly PatternCursor _pattern;
    private readonly CharacterParser _characters;
    private readonly LoopWriter _loops = new();
    private readonly Dictionary<string, int> _names;
    private readonly int _groupCount;
    private readonly HashSet<string> _closedNames = new(StringComparer.Ordinal);
    private bool _hasUnknownName;
    private int _depth;
    private int _nextGroup = 1;
    private bool _isBackward;

    private JavaScriptPatternParser(string pattern)
    {
        _pattern = new PatternCursor(pattern);
        _characters = new CharacterParser(_pattern);
        if (pattern.Length > MaxLength) throw _pattern.Error(TooLarge);
        (_groupCount, _names) = new GroupScan(pattern).Run();
        if (_groupCount > MaxGroups) throw _pattern.Error(TooLarge);
    }

    /// <summary>The pattern for .NET, the number of its groups (1 to that number), and <see cref="LoopWriter.Remembered"/>.</summary>
    /// <exception cref="JavaScriptRegexException">JavaScript refuses the pattern.</exception>
    public static (string Pattern, int Groups, long Remembered) Translate(string pattern)
    {
        var parser = new JavaScriptPatternParser(pattern);
        PatternPiece piece = parser.Disjunction();
        if (!parser._pattern.AtEnd) throw parser._pattern.Error("Unmatched ')'");
        if (parser._hasUnknownName) throw parser._pattern.Error("Invalid named capture referenced");
        return (piece.Text, parser._groupCount, parser._loops.Remembered);
    }

    private PatternPiece Disjunction()
    {
        if (++_depth > MaxDepth) throw _pattern.Error(TooLarge);
        var text = new StringBuilder();
        bool isNullable = false;
        int loops = 0;
        while (true)
        {
            PatternPiece alternative = Alternative();
            text.Append(alternative.Text);
            isNullable |= alternative.IsNullable;
            loops += alternative.Loops;
            if (!_pattern.Accept("|")) break;
            text.Append('|');
        }
        _depth--;
        return new PatternPiece(text.ToString(), isNullable, loops);
    }

    private PatternPiece Alternative()
    {
        var text = new StringBuilder();
        bool isNullable = true;
        int loops = 0;
        while (!_pattern.AtEnd && _pattern.Current is not ('|' or ')'))
        {
            PatternPiece term = Term();
            text.Append(term.Text);
            isNullable &= term.IsNullable;
            loops += term.Loops;
        }
        return new PatternPiece(text.ToString(), isNullable, loops);
    }

    private PatternPiece Term()
    {
        int firstGroup = _nextGroup;
        switch (_pattern.Current)
        {
            case '^':
                _pattern.Read();
                return new PatternPiece("^", true);
            case '$':
                _pattern.Read();
                return new PatternPiece("\\z", true);
            case '(':
                PatternPiece group = Group(out bool canRepeat);
                if (canRepeat) return Repeat(group, firstGroup);
                return _pattern.AtQuantifier ? throw _pattern.Error("Invalid quantifier") : group;
            case '*' or '+' or '?':
                throw _pattern.Error(NothingToRepeat);
            case '{' when _pattern.AtBraces:
                throw _pattern.Error(NothingToRepeat);
            case '.':
                _pattern.Read();
                return Repeat(new PatternPiece(CharacterSet.LineEnds.Complement().ToPattern(), false), firstGroup);
            case '[':
                return Repeat(new PatternPiece(_characters.Class().ToPattern(), false), firstGroup);
            case '\\':
                PatternPiece escape = Escape(out bool isAssertion);
                return isAssertion ? escape : Repeat(escape, firstGroup);
            default:
                return Repeat(new PatternPiece(CharacterSet.Escape(_pattern.Read()), false), firstGroup);
        }
    }

    private PatternPiece Group(out bool canRepeat)
    {
        canRepeat = true;
        _pattern.Read();
        if (!_pattern.Accept("?")) return Capture();
        if (_pattern.Accept(":")) return Close("(?:", Disjunction());
        if (_pattern.Accept("=")) return LookAround("(?=", backward: false);
        if (_pattern.Accept("!")) return LookAround("(?!", backward: false);
        canRepeat = false;
        if (_pattern.Accept("<=")) return LookAround("(?<=", backward: true);
        if (_pattern.Accept("<!")) return LookAround("(?<!", backward: true);
        if (!_pattern.Accept("<")) throw _pattern.Error("Invalid group");
        canRepeat = true;
        string name = _pattern.ReadName() ?? throw _pattern.Error("Invalid capture group name");
        PatternPiece group = Capture();
        return _closedNames.Add(name) ? group : throw _pattern.Error("Duplicate capture group name");
    }

    private PatternPiece Capture()
    {
        int number = _nextGroup++;
        return Close(string.Create(CultureInfo.InvariantCulture, $"(?<{number}>"), Disjunction());
    }

    private PatternPiece LookAround(string open, bool backward)
    {
        bool outer = _isBackward;
        _isBackward = backward;
        PatternPiece inner = Disjunction();
        _isBackward = outer;
        return Close(open, inner) with { IsNullable = true };
    }

    private PatternPiece Close(string open, PatternPiece inner)
    {
        if (!_pattern.Accept(")")) throw _pattern.Error("Unterminated group");
        return inner with { Text = open + inner.Text + ")" };
    }

    /// <summary>The quantifier after an atom, if there is one.</summary>
    private PatternPiece Repeat(PatternPiece atom, int firstGroup) =>
        _pattern.AcceptQuantifier(out int min, out int max)
            ? _loops.Write(atom, min, max, isLazy: _pattern.Accept("?"), (firstGroup, _nextGroup), _isBackward)
            : atom;

    private PatternPiece Escape(out bool isAssertion)
    {
        isAssertion = true;
        _pattern.Read();
        if (_pattern.AtEnd) throw _pattern.Error("\\ at end of pattern");
        if (_pattern.Accept("b")) return new PatternPiece($"(?:(?<={Word})(?!{Word})|(?<!{Word})(?={Word}))", true);
        if (_pattern.Accept("B")) return new PatternPiece($"(?:(?<={Word})(?={Word})|(?<!{Word})(?!{Word}))", true);
        isAssertion = false;
        if (_names.Count > 0 && _pattern.Accept("k")) return NamedReference();
        // A number is a reference when there are that many groups; else it is an octal escape or a digit.
        if (_pattern.Current is >= '1' and <= '9' && _pattern.TryNumber(_groupCount, out int group)) return Reference(group);
        return new PatternPiece(_characters.Escape().ToPattern(), false);
    }

    private PatternPiece NamedReference()
    {
        string? name = _pattern.Accept("<") ? _pattern.ReadName() : null;
        if (name is null) throw _pattern.Error("Invalid named reference");
        // Node says so only when nothing else is wrong.
        _hasUnknownName |= !_names.TryGetValue(name, out int named);
        return Reference(named);
    }

    /// <summary>A group that took no part (or not yet) matches nothing at all, successfully.</summary>
    private static PatternPiece Reference(int group) => new(string.Create(CultureInfo.InvariantCulture, $"(?({group})\\k<{group}>)"), true);
}

/// <summary>A part of a pattern as .NET reads it.</summary>
/// <param name="Text">The part.</param>
/// <param name="IsNullable">It can match nothing.</param>
/// <param name="Loops">Loops in it, itself among them.</param>
internal readonly record struct PatternPiece(string Text, bool IsNullable, int Loops = 0);
