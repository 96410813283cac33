namespace Nosana.JobDefinition.JavaScriptPatterns;

/// <summary>Reads what stands for one character in a JavaScript pattern: escapes and classes.</summary>
internal sealed class CharacterParser(PatternCursor pattern)
{
    /// <summary>An escape, the backslash being read already.</summary>
    public CharacterSet Escape() => Shorthand() ?? Single(Character(inClass: false));

    /// <summary><c>[...]</c>.</summary>
    public CharacterSet Class()
    {
        pattern.Read();
        bool isNegated = pattern.Accept("^");
        var set = new CharacterSet();
        while (!pattern.Accept("]"))
        {
            if (pattern.AtEnd) throw pattern.Error("Unterminated character class");
            CharacterSet? first = ClassAtom(out char from);
            if (pattern.AtEnd || pattern.Current != '-' || pattern.Next is null or ']')
            {
                set.Add(first ?? Single(from));
                continue;
            }
            pattern.Read();
            CharacterSet? second = ClassAtom(out char to);
            if (first is null && second is null)
            {
                if (from > to) throw pattern.Error("Range out of order in character class");
                set.Add(from, to);
                continue;
            }
            set.Add(first ?? Single(from)).Add('-', '-').Add(second ?? Single(to));
        }
        return isNegated ? set.Complement() : set;
    }

    /// <summary>A set such as <c>\d</c>, or null and one character.</summary>
    private CharacterSet? ClassAtom(out char single)
    {
        single = pattern.Read();
        if (single != '\\') return null;
        if (pattern.AtEnd) throw pattern.Error("\\ at end of pattern");
        if (pattern.Accept("b"))
        {
            single = '\b';
            return null;
        }
        if (Shorthand() is { } set) return set;
        single = Character(inClass: true);
        return null;
    }

    private CharacterSet? Shorthand()
    {
        CharacterSet? set = pattern.Current switch
        {
            'd' => CharacterSet.Digits,
            'D' => CharacterSet.Digits.Complement(),
            'w' => CharacterSet.Words,
            'W' => CharacterSet.Words.Complement(),
            's' => CharacterSet.Spaces,
            'S' => CharacterSet.Spaces.Complement(),
            _ => null,
        };
        if (set is not null) pattern.Read();
        return set;
    }

    /// <summary>An escape that stands for one code unit.</summary>
    private char Character(bool inClass)
    {
        char c = pattern.Read();
        switch (c)
        {
            case 't': return '\t';
            case 'n': return '\n';
            case 'v': return '\v';
            case 'f': return '\f';
            case 'r': return '\r';
            case 'c':
                if (!pattern.AtEnd && (char.IsAsciiLetter(pattern.Current) || (inClass && (char.IsAsciiDigit(pattern.Current) || pattern.Current == '_'))))
                    return (char)(pattern.Read() % 32);
                pattern.Unread();
                return '\\';
            case 'x': return pattern.Hex(2) ?? 'x';
            case 'u': return pattern.Hex(4) ?? 'u';
            case >= '0' and <= '7': return Octal(c);
            default: return c;
        }
    }

    private char Octal(char first)
    {
        int value = first - '0';
        int most = first <= '3' ? 3 : 2;
        for (int digits = 1; digits < most && !pattern.AtEnd && pattern.Current is >= '0' and <= '7'; digits++) value = value * 8 + (pattern.Read() - '0');
        return (char)value;
    }

    private static CharacterSet Single(char c) => new CharacterSet().Add(c, c);
}
