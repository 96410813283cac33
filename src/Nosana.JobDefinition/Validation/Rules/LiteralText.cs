using Nosana.JobDefinition.Reading;

namespace Nosana.JobDefinition.Validation.Rules;

/// <summary>Texts that stand for whole values where the official validators look for a literal.</summary>
internal static class LiteralText
{
    /// <summary>
    /// <c>%%</c>, <c>ops</c> or <c>global</c>, any one character (the official pattern forgot to escape its dot) but a line end,
    /// one or more characters but <c>%</c>, <c>%%</c>.
    /// </summary>
    public static bool IsLiteral(JsonTape tape, int node)
    {
        if (tape[node].Kind != JsonNodeKind.Text) return false;
        ReadOnlySpan<byte> raw = tape.Raw(node);
        return raw.StartsWith("%%"u8) || tape[node].IsEscaped ? IsLiteral(tape.Text(node)) : false;
    }

    public static bool IsLiteral(ReadOnlySpan<char> text)
    {
        if (!text.StartsWith("%%") || !text.EndsWith("%%") || text.Length < 4) return false;
        ReadOnlySpan<char> inner = text[2..^2];
        foreach (string head in (ReadOnlySpan<string>)["ops", "global"])
            if (inner.StartsWith(head) && inner.Length >= head.Length + 2)
            {
                char any = inner[head.Length];
                if (any is not ('\n' or '\r' or '\u2028' or '\u2029') && !inner[(head.Length + 1)..].Contains('%')) return true;
            }
        return false;
    }

    /// <summary><c>8000-8010</c>: two numbers and a dash.</summary>
    public static bool TryRange(string text, out double first, out double last)
    {
        first = last = 0;
        int dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash < 1 || dash == text.Length - 1) return false;
        foreach (char c in text)
            if (!char.IsAsciiDigit(c) && c != '-') return false;
        if (text.LastIndexOf('-') != dash) return false;
        first = JsonText.ToDouble(System.Text.Encoding.ASCII.GetBytes(text[..dash]));
        last = JsonText.ToDouble(System.Text.Encoding.ASCII.GetBytes(text[(dash + 1)..]));
        return true;
    }
}
