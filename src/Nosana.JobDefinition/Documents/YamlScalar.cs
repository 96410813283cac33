using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Nosana.JobDefinition.Documents;

/// <summary>Plain YAML scalars by the 1.2 core schema: null, true and false, decimal, octal and hexadecimal integers, floats; all else is text.</summary>
internal static class YamlScalar
{
    private const string CoreTagPrefix = "tag:yaml.org,2002:";

    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789");
    private static readonly SearchValues<char> s_octal = SearchValues.Create("01234567");
    private static readonly SearchValues<char> s_hex = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>Writes the scalar as JSON.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="text">Its text.</param>
    /// <param name="isPlain">Neither quoted nor a block.</param>
    /// <param name="tag">Explicit tag, or empty.</param>
    /// <returns>Null, or why it cannot be JSON.</returns>
    public static string? Write(Utf8JsonWriter writer, string text, bool isPlain, string tag)
    {
        switch (tag)
        {
            case CoreTagPrefix + "str" or "!":
                writer.WriteStringValue(text);
                return null;
            case "" or "?":
                if (isPlain) return WritePlain(writer, text);
                writer.WriteStringValue(text);
                return null;
            case CoreTagPrefix + "int" or CoreTagPrefix + "float" or CoreTagPrefix + "bool" or CoreTagPrefix + "null":
                return WritePlain(writer, text);
            default:
                return $"the tag {tag} is not known here";
        }
    }

    /// <summary>How a scalar reads as a key: resolved, then as JavaScript would turn it into text.</summary>
    public static string KeyText(string text, bool isPlain)
    {
        if (!isPlain) return text;
        if (IsNull(text)) return "";
        if (IsTrue(text)) return "true";
        if (IsFalse(text)) return "false";
        return TryNumber(text, out string? number) && number is not null ? number : text;
    }

    private static string? WritePlain(Utf8JsonWriter writer, string text)
    {
        if (IsNull(text)) writer.WriteNullValue();
        else if (IsTrue(text)) writer.WriteBooleanValue(true);
        else if (IsFalse(text)) writer.WriteBooleanValue(false);
        else if (!TryNumber(text, out string? number)) writer.WriteStringValue(text);
        else if (number is null) return $"{text} has no form in JSON";
        else writer.WriteRawValue(number);
        return null;
    }

    private static bool IsNull(string text) => text is "" or "~" or "null" or "Null" or "NULL";

    private static bool IsTrue(string text) => text is "true" or "True" or "TRUE";

    private static bool IsFalse(string text) => text is "false" or "False" or "FALSE";

    /// <summary>The number in JSON's notation; null for infinity and not-a-number.</summary>
    private static bool TryNumber(string text, out string? number)
    {
        number = null;
        if (text.StartsWith("0o", StringComparison.Ordinal)) return TryRadix(text.AsSpan(2), s_octal, 8, out number);
        if (text.StartsWith("0x", StringComparison.Ordinal)) return TryRadix(text.AsSpan(2), s_hex, 16, out number);
        ReadOnlySpan<char> unsigned = text.AsSpan(text[0] is '+' or '-' ? 1 : 0);
        if (unsigned is ".inf" or ".Inf" or ".INF" || text is ".nan" or ".NaN" or ".NAN") return true;
        if (!IsFloat(unsigned)) return false;
        double value = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        number = double.IsFinite(value) ? Plain(value) : null;
        return true;
    }

    private static bool TryRadix(ReadOnlySpan<char> digits, SearchValues<char> allowed, int radix, out string? number)
    {
        number = null;
        if (digits.IsEmpty || digits.IndexOfAnyExcept(allowed) >= 0) return false;
        double value = 0;
        foreach (char digit in digits) value = value * radix + Convert.ToInt32(digit.ToString(), 16);
        number = double.IsFinite(value) ? Plain(value) : null;
        return true;
    }

    /// <summary>Digits, a point with digits on either side, an exponent.</summary>
    private static bool IsFloat(ReadOnlySpan<char> text)
    {
        int whole = Digits(text);
        ReadOnlySpan<char> rest = text[whole..];
        int fraction = 0;
        if (rest.StartsWith("."))
        {
            fraction = Digits(rest[1..]);
            rest = rest[(1 + fraction)..];
        }
        if (whole + fraction == 0) return false;
        if (rest.IsEmpty) return true;
        if (rest[0] is not ('e' or 'E')) return false;
        rest = rest[1..];
        if (rest.Length > 0 && rest[0] is '+' or '-') rest = rest[1..];
        return rest.Length > 0 && Digits(rest) == rest.Length;
    }

    private static int Digits(ReadOnlySpan<char> text)
    {
        int other = text.IndexOfAnyExcept(s_digits);
        return other < 0 ? text.Length : other;
    }

    private static string Plain(double value) =>
        value == Math.Floor(value) && Math.Abs(value) < 1e21
            ? new BigInteger(value).ToString(CultureInfo.InvariantCulture)
            : value.ToString("R", CultureInfo.InvariantCulture);
}
