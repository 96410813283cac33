using System.Globalization;

namespace Nosana.JobDefinition.JavaScriptPatterns;

/// <summary>A JavaScript pattern and how far it is read.</summary>
internal sealed class PatternCursor(string pattern)
{
    private const int MaxBraces = 1000;

    private int _at;

    public bool AtEnd => _at >= pattern.Length;

    public char Current => pattern[_at];

    /// <summary>At one of the signs that repeat what stands before them.</summary>
    public bool AtQuantifier => !AtEnd && (Current is '*' or '+' or '?' || AtBraces);

    /// <summary>At <c>{2}</c>, <c>{2,}</c> or <c>{2,5}</c>; any other brace stands for itself.</summary>
    public bool AtBraces => !AtEnd && Current == '{' && TryBraces(out _, out _);

    /// <summary>What follows the current character, or null.</summary>
    public char? Next => _at + 1 < pattern.Length ? pattern[_at + 1] : null;

    public char Read() => pattern[_at++];

    /// <summary>Takes back what <see cref="Read"/> gave.</summary>
    public void Unread() => _at--;

    public bool Accept(string text)
    {
        if (string.CompareOrdinal(pattern, _at, text, 0, text.Length) != 0) return false;
        _at += text.Length;
        return true;
    }

    /// <summary>A quantifier without its question mark, if there is one.</summary>
    public bool AcceptQuantifier(out int min, out int max)
    {
        (min, max) = (0, int.MaxValue);
        if (Accept("*")) return true;
        (min, max) = (1, int.MaxValue);
        if (Accept("+")) return true;
        (min, max) = (0, 1);
        if (Accept("?")) return true;
        if (AtEnd || Current != '{' || !TryBraces(out min, out max)) return false;
        _at = pattern.IndexOf('}', _at) + 1;
        return min <= max ? true : throw Error("numbers out of order in {} quantifier");
    }

    /// <summary>A group's name and its closing sign; null when it is not one.</summary>
    public string? ReadName()
    {
        GroupScan.ReadName(pattern, ref _at, out string? name);
        return name;
    }

    /// <summary>A decimal number here, read only when it is at most that.</summary>
    public bool TryNumber(int most, out int number)
    {
        int end = _at;
        while (end < pattern.Length && char.IsAsciiDigit(pattern[end])) end++;
        if (!int.TryParse(pattern.AsSpan(_at, end - _at), NumberStyles.None, CultureInfo.InvariantCulture, out number) || number > most) return false;
        _at = end;
        return true;
    }

    /// <summary>So many hexadecimal digits, or null.</summary>
    public char? Hex(int digits)
    {
        if (_at + digits > pattern.Length) return null;
        ReadOnlySpan<char> text = pattern.AsSpan(_at, digits);
        foreach (char c in text)
            if (!char.IsAsciiHexDigit(c)) return null;
        _at += digits;
        return (char)ushort.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    public JavaScriptRegexException Error(string reason) => new(pattern, reason);

    private bool TryBraces(out int min, out int max)
    {
        min = max = 0;
        int end = pattern.IndexOf('}', _at);
        if (end < 0 || end - _at > MaxBraces) return false;
        string[] numbers = pattern[(_at + 1)..end].Split(',');
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
}
