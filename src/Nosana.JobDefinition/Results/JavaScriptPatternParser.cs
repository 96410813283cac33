using System.Globalization;
using System.Text;

namespace Nosana.JobDefinition.Results;

/// <summary>
/// Reads a pattern by the grammar of ECMA-262 without flags (with its annex for the web, as node reads it) and writes one for
/// .NET that means the same. What differs: <c>.</c>, <c>$</c>, <c>\d \w \s \b</c>, identity escapes, numbers of named groups,
/// references to groups that took no part, captures of earlier rounds of a loop, and rounds that consume nothing.
/// </summary>
internal sealed class JavaScriptPatternParser
{
    private const int MaxLength = 64 * 1024;
    private const int MaxDepth = 200;
    private const int MaxBraces = 1000;
    private const int MaxRepeated = 4 * 1024;
    private const string TooLarge = "Regular expression too large";
    private const string NothingToRepeat = "Nothing to repeat";
    private const string Word = "[0-9A-Z_a-z]";

    private readonly string _pattern;
    private readonly Dictionary<string, int> _names;
    private readonly int _groupCount;
    private readonly HashSet<string> _closedNames = new(StringComparer.Ordinal);
    private bool _hasUnknownName;
    private int _at;
    private int _depth;
    private int _nextGroup = 1;
    private int _nextMark;
    private bool _isBackward;

    private JavaScriptPatternParser(string pattern)
    {
        _pattern = pattern;
        if (pattern.Length > MaxLength) throw Error(TooLarge);
        (_groupCount, _names) = new GroupScan(pattern).Run();
    }

    private bool AtEnd => _at >= _pattern.Length;

    private char Current => _pattern[_at];

    /// <summary>The pattern for .NET and the number of its groups (1 to that number).</summary>
    /// <exception cref="JavaScriptRegexException">The pattern is none.</exception>
    public static (string Pattern, int Groups) Translate(string pattern)
    {
        var parser = new JavaScriptPatternParser(pattern);
        Piece piece = parser.Disjunction();
        if (!parser.AtEnd) throw parser.Error("Unmatched ')'");
        if (parser._hasUnknownName) throw parser.Error("Invalid named capture referenced");
        return (piece.Text, parser._groupCount);
    }

    private Piece Disjunction()
    {
        if (++_depth > MaxDepth) throw Error(TooLarge);
        var text = new StringBuilder();
        bool isNullable = false;
        while (true)
        {
            Piece alternative = Alternative();
            text.Append(alternative.Text);
            isNullable |= alternative.IsNullable;
            if (AtEnd || Current != '|') break;
            text.Append('|');
            _at++;
        }
        _depth--;
        return new Piece(text.ToString(), isNullable);
    }

    private Piece Alternative()
    {
        var text = new StringBuilder();
        bool isNullable = true;
        while (!AtEnd && Current is not ('|' or ')'))
        {
            Piece term = Term();
            text.Append(term.Text);
            isNullable &= term.IsNullable;
        }
        return new Piece(text.ToString(), isNullable);
    }

    private Piece Term()
    {
        int firstGroup = _nextGroup;
        char c = Current;
        switch (c)
        {
            case '^':
                _at++;
                return new Piece("^", true);
            case '$':
                _at++;
                return new Piece("\\z", true);
            case '(':
                Piece group = Group(out bool canRepeat);
                if (canRepeat) return Repeat(group, firstGroup);
                return AtQuantifier() ? throw Error("Invalid quantifier") : group;
            case '*' or '+' or '?':
                throw Error(NothingToRepeat);
            case '{' when TryBraces(out _, out _):
                throw Error(NothingToRepeat);
            case '.':
                _at++;
                return Repeat(new Piece(CharacterSet.LineEnds.Complement().ToPattern(), false), firstGroup);
            case '[':
                return Repeat(new Piece(Class(), false), firstGroup);
            case '\\':
                Piece escape = AtomEscape(out bool isAssertion);
                return isAssertion ? escape : Repeat(escape, firstGroup);
            default:
                _at++;
                return Repeat(new Piece(CharacterSet.Escape(c), false), firstGroup);
        }
    }

    private Piece Group(out bool canRepeat)
    {
        canRepeat = true;
        _at++;
        if (!Accept("?"))
        {
            int number = _nextGroup++;
            return Close(string.Create(CultureInfo.InvariantCulture, $"(?<{number}>"), Disjunction());
        }
        if (Accept(":")) return Close("(?:", Disjunction());
        if (Accept("=")) return LookAround("(?=", backward: false);
        if (Accept("!")) return LookAround("(?!", backward: false);
        canRepeat = false;
        if (Accept("<=")) return LookAround("(?<=", backward: true);
        if (Accept("<!")) return LookAround("(?<!", backward: true);
        if (!Accept("<")) throw Error("Invalid group");
        canRepeat = true;
        GroupScan.ReadName(_pattern, ref _at, out string? name);
        if (name is null) throw Error("Invalid capture group name");
        int named = _nextGroup++;
        Piece group = Close(string.Create(CultureInfo.InvariantCulture, $"(?<{named}>"), Disjunction());
        return _closedNames.Add(name) ? group : throw Error("Duplicate capture group name");
    }

    private Piece LookAround(string open, bool backward)
    {
        bool outer = _isBackward;
        _isBackward = backward;
        Piece inner = Disjunction();
        _isBackward = outer;
        return Close(open, inner) with { IsNullable = true };
    }

    private Piece Close(string open, Piece inner)
    {
        if (!Accept(")")) throw Error("Unterminated group");
        return new Piece(open + inner.Text + ")", inner.IsNullable);
    }

    /// <summary>The quantifier after an atom, if there is one.</summary>
    private Piece Repeat(Piece atom, int firstGroup)
    {
        int min, max;
        if (Accept("*")) (min, max) = (0, int.MaxValue);
        else if (Accept("+")) (min, max) = (1, int.MaxValue);
        else if (Accept("?")) (min, max) = (0, 1);
        else if (!AtEnd && Current == '{' && TryBraces(out min, out max))
        {
            _at = _pattern.IndexOf('}', _at) + 1;
            if (min > max) throw Error("numbers out of order in {} quantifier");
        }
        else return atom;
        string lazy = Accept("?") ? "?" : "";
        bool isNullable = min == 0 || atom.IsNullable;

        string clear = Clear(firstGroup);
        if (!atom.IsNullable || max == min) return new Piece(Loop(Round(atom.Text, clear), min, max, lazy), isNullable);

        // JavaScript refuses a round that consumes nothing, once the least number of rounds is done.
        string text = Loop(Round(Progressing(atom.Text), clear), 0, max == int.MaxValue ? max : max - min, lazy);
        if (min > 0)
        {
            if (atom.Text.Length > MaxRepeated) return new Piece(Loop(Round(atom.Text, clear), min, max, lazy), isNullable);
            string first = Loop(Round(atom.Text, clear), min, min, "");
            text = _isBackward ? text + first : first + text;
        }
        return new Piece($"(?:{text})", isNullable);
    }

    private bool AtQuantifier() => !AtEnd && (Current is '*' or '+' or '?' || (Current == '{' && TryBraces(out _, out _)));

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
    private string Round(string atom, string start) => _isBackward ? atom + start : start + atom;

    /// <summary>Captures of the round before are forgotten.</summary>
    private string Clear(int firstGroup)
    {
        var clear = new StringBuilder();
        for (int group = firstGroup; group < _nextGroup; group++) clear.Append(CultureInfo.InvariantCulture, $"(?({group})(?<-{group}>))");
        return clear.ToString();
    }

    /// <summary>The atom, but only where it consumes something: what is left of the text is compared before and after.</summary>
    private string Progressing(string atom)
    {
        string mark = string.Create(CultureInfo.InvariantCulture, $"p{_nextMark++}");
        string before = $"(?=(?<{mark}>[\\s\\S]*))";
        string after = $"(?!\\k<{mark}>\\z)";
        return _isBackward ? $"{after}(?:{atom}){before}" : $"{before}(?:{atom}){after}";
    }

    /// <summary><c>{2}</c>, <c>{2,}</c>, <c>{2,5}</c> here; anything else is a brace that stands for itself.</summary>
    private bool TryBraces(out int min, out int max)
    {
        min = max = 0;
        int end = _pattern.IndexOf('}', _at);
        if (end < 0 || end - _at > MaxBraces) return false;
        string[] numbers = _pattern[(_at + 1)..end].Split(',');
        if (numbers.Length > 2 || !TryCount(numbers[0], out min)) return false;
        max = min;
        if (numbers.Length == 1) return true;
        if (numbers[1].Length > 0) return TryCount(numbers[1], out max);
        max = int.MaxValue;
        return true;
    }

    private static bool TryCount(string digits, out int count)
    {
        count = 0;
        if (digits.Length == 0 || !digits.All(char.IsAsciiDigit)) return false;
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out count)) count = int.MaxValue;
        return true;
    }

    private Piece AtomEscape(out bool isAssertion)
    {
        isAssertion = false;
        _at++;
        if (AtEnd) throw Error("\\ at end of pattern");
        switch (Current)
        {
            case 'b':
                isAssertion = true;
                _at++;
                return new Piece($"(?:(?<={Word})(?!{Word})|(?<!{Word})(?={Word}))", true);
            case 'B':
                isAssertion = true;
                _at++;
                return new Piece($"(?:(?<={Word})(?={Word})|(?<!{Word})(?!{Word}))", true);
            case 'k' when _names.Count > 0:
                _at++;
                if (!Accept("<")) throw Error("Invalid named reference");
                GroupScan.ReadName(_pattern, ref _at, out string? name);
                if (name is null) throw Error("Invalid named reference");
                // Node says so only when nothing else is wrong.
                _hasUnknownName |= !_names.TryGetValue(name, out int named);
                return Reference(named);
            case >= '1' and <= '9':
                if (TryReference(out int group)) return Reference(group);
                break;
        }
        if (ClassShorthand() is { } set) return new Piece(set.ToPattern(), false);
        return new Piece(CharacterSet.Escape(CharacterEscape(inClass: false)), false);
    }

    /// <summary>A group that took no part (or not yet) matches nothing at all, successfully.</summary>
    private static Piece Reference(int group) => new(string.Create(CultureInfo.InvariantCulture, $"(?({group})\\k<{group}>)"), true);

    /// <summary>A number is a reference when there are that many groups; else it is an octal escape or a digit.</summary>
    private bool TryReference(out int group)
    {
        int end = _at;
        while (end < _pattern.Length && char.IsAsciiDigit(_pattern[end])) end++;
        if (!int.TryParse(_pattern.AsSpan(_at, end - _at), NumberStyles.None, CultureInfo.InvariantCulture, out group) || group > _groupCount) return false;
        _at = end;
        return true;
    }

    private CharacterSet? ClassShorthand()
    {
        CharacterSet? set = Current switch
        {
            'd' => CharacterSet.Digits,
            'D' => CharacterSet.Digits.Complement(),
            'w' => CharacterSet.Words,
            'W' => CharacterSet.Words.Complement(),
            's' => CharacterSet.Spaces,
            'S' => CharacterSet.Spaces.Complement(),
            _ => null,
        };
        if (set is not null) _at++;
        return set;
    }

    /// <summary>An escape that stands for one code unit; the backslash is read already.</summary>
    private char CharacterEscape(bool inClass)
    {
        char c = _pattern[_at++];
        switch (c)
        {
            case 't': return '\t';
            case 'n': return '\n';
            case 'v': return '\v';
            case 'f': return '\f';
            case 'r': return '\r';
            case 'c':
                if (!AtEnd && (char.IsAsciiLetter(Current) || (inClass && (char.IsAsciiDigit(Current) || Current == '_')))) return (char)(_pattern[_at++] % 32);
                _at--;
                return '\\';
            case 'x': return Hex(2) ?? 'x';
            case 'u': return Hex(4) ?? 'u';
            case >= '0' and <= '7': return Octal(c);
            default: return c;
        }
    }

    private char Octal(char first)
    {
        int value = first - '0';
        int most = first <= '3' ? 3 : 2;
        for (int digits = 1; digits < most && !AtEnd && Current is >= '0' and <= '7'; digits++) value = value * 8 + (_pattern[_at++] - '0');
        return (char)value;
    }

    private char? Hex(int digits)
    {
        if (_at + digits > _pattern.Length || !_pattern.AsSpan(_at, digits).ToString().All(char.IsAsciiHexDigit)) return null;
        ushort value = ushort.Parse(_pattern.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        _at += digits;
        return (char)value;
    }

    private string Class()
    {
        _at++;
        bool isNegated = Accept("^");
        var set = new CharacterSet();
        while (true)
        {
            if (AtEnd) throw Error("Unterminated character class");
            if (Accept("]")) break;
            CharacterSet? first = ClassAtom(out char from);
            if (_at + 1 >= _pattern.Length || Current != '-' || _pattern[_at + 1] == ']')
            {
                Add(set, first, from);
                continue;
            }
            _at++;
            CharacterSet? second = ClassAtom(out char to);
            if (first is null && second is null)
            {
                if (from > to) throw Error("Range out of order in character class");
                set.Add(from, to);
                continue;
            }
            Add(set, first, from);
            set.Add('-', '-');
            Add(set, second, to);
        }
        return (isNegated ? set.Complement() : set).ToPattern();
    }

    private static void Add(CharacterSet set, CharacterSet? members, char single)
    {
        if (members is not null) set.Add(members);
        else set.Add(single, single);
    }

    private CharacterSet? ClassAtom(out char single)
    {
        single = Current;
        _at++;
        if (single != '\\') return null;
        if (AtEnd) throw Error("\\ at end of pattern");
        if (Accept("b"))
        {
            single = '\b';
            return null;
        }
        if (ClassShorthand() is { } set) return set;
        single = CharacterEscape(inClass: true);
        return null;
    }

    private bool Accept(string text)
    {
        if (string.CompareOrdinal(_pattern, _at, text, 0, text.Length) != 0) return false;
        _at += text.Length;
        return true;
    }

    private JavaScriptRegexException Error(string reason) => new(_pattern, reason);

    /// <summary>A translated part, and whether it can match nothing.</summary>
    private readonly record struct Piece(string Text, bool IsNullable);
}
