using System.Globalization;
using System.Text;

namespace Nosana.JobDefinition.Documents;

/// <summary>JSON's texts and numbers as JavaScript reads them.</summary>
internal static class JsonText
{
    /// <summary>Resolves escapes. Half a surrogate pair stays as it is, as in JavaScript.</summary>
    /// <param name="raw">Between the quotes, already checked by a JSON reader.</param>
    public static string Unescape(ReadOnlySpan<byte> raw)
    {
        var text = new StringBuilder(raw.Length);
        while (!raw.IsEmpty)
        {
            int backslash = raw.IndexOf((byte)'\\');
            if (backslash < 0) backslash = raw.Length;
            if (backslash > 0)
            {
                text.Append(Encoding.UTF8.GetString(raw[..backslash]));
                raw = raw[backslash..];
                continue;
            }
            switch (raw[1])
            {
                case (byte)'u':
                    text.Append((char)ushort.Parse(raw.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                    raw = raw[6..];
                    continue;
                case (byte)'b': text.Append('\b'); break;
                case (byte)'f': text.Append('\f'); break;
                case (byte)'n': text.Append('\n'); break;
                case (byte)'r': text.Append('\r'); break;
                case (byte)'t': text.Append('\t'); break;
                default: text.Append((char)raw[1]); break;
            }
            raw = raw[2..];
        }
        return text.ToString();
    }

    /// <summary>The escapes hold half a surrogate pair, which no UTF-8 can carry.</summary>
    public static bool HasLoneSurrogate(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return true;
            i++;
        }
        return false;
    }

    /// <summary>A JSON number as a double, infinite when too large.</summary>
    public static double ToDouble(ReadOnlySpan<byte> raw) =>
        double.Parse(raw, NumberStyles.Float, CultureInfo.InvariantCulture);
}
