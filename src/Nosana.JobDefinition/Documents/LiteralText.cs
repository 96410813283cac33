namespace Nosana.JobDefinition.Documents;

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
}
