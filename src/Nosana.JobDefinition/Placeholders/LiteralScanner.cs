using System.Buffers;

namespace Nosana.JobDefinition.Placeholders;

/// <summary>
/// Finds literals in a text: <c>%%ops.HEAD.PATH%%</c>, <c>%%global.HEAD.PATH%%</c>, <c>%%global.KEY%%</c>, <c>%%globals.KEY%%</c>.
/// HEAD and KEY have no dot; PATH is letters, digits, dot, underscore and dash. Everything else stays text. Unlike the official
/// patterns a head ends at the next <c>%%</c>, so that two literals may stand in one text whatever their kinds.
/// </summary>
internal static class LiteralScanner
{
    private const string Sign = "%%";
    private const string OpsHead = "ops.";
    private const string GlobalHead = "global.";
    private const string GlobalsHead = "globals.";

    private static readonly SearchValues<char> s_path =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    /// <summary>The first literal at or after a position, or null.</summary>
    public static Literal? Next(string text, int from)
    {
        for (int at = text.IndexOf(Sign, from, StringComparison.Ordinal); at >= 0; at = text.IndexOf(Sign, at + 1, StringComparison.Ordinal))
            if (Match(text, at) is { } literal) return literal;
        return null;
    }

    /// <summary>All literals, in order.</summary>
    public static IEnumerable<Literal> All(string text)
    {
        for (Literal? next = Next(text, 0); next is { } literal; next = Next(text, literal.Start + literal.Length))
            yield return literal;
    }

    private static Literal? Match(string text, int start)
    {
        ReadOnlySpan<char> rest = text.AsSpan(start + Sign.Length);
        if (rest.StartsWith(OpsHead)) return ThreePart(text, start, OpsHead.Length, isOps: true);
        if (rest.StartsWith(GlobalsHead)) return TwoPart(text, start, GlobalsHead.Length);
        if (rest.StartsWith(GlobalHead)) return TwoPart(text, start, GlobalHead.Length) ?? ThreePart(text, start, GlobalHead.Length, isOps: false);
        return null;
    }

    private static Literal? TwoPart(string text, int start, int headLength)
    {
        int keyStart = start + Sign.Length + headLength;
        int end = text.IndexOf(Sign, keyStart, StringComparison.Ordinal);
        if (end <= keyStart) return null;
        ReadOnlySpan<char> key = text.AsSpan(keyStart, end - keyStart);
        return key.Contains('.') ? null : new Literal(start, end + Sign.Length - start, null, key.ToString());
    }

    private static Literal? ThreePart(string text, int start, int headLength, bool isOps)
    {
        int idStart = start + Sign.Length + headLength;
        int dot = text.IndexOf('.', idStart);
        if (dot <= idStart) return null;
        ReadOnlySpan<char> id = text.AsSpan(idStart, dot - idStart);
        if (id.Contains(Sign, StringComparison.Ordinal)) return null;
        ReadOnlySpan<char> rest = text.AsSpan(dot + 1);
        int pathLength = rest.IndexOfAnyExcept(s_path);
        if (pathLength < 1 || !rest[pathLength..].StartsWith(Sign)) return null;
        string path = rest[..pathLength].ToString();
        int length = dot + 1 + pathLength + Sign.Length - start;
        return isOps ? new Literal(start, length, id.ToString(), path) : new Literal(start, length, null, $"{id}.{path}");
    }
}
