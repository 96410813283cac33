using System.Buffers;
using System.Globalization;
using System.Text;
using Nosana.JobDefinition.Documents;

namespace Nosana.JobDefinition.Faults;

/// <summary>Places in a document in the official notation: <c>$input.ops[0].args["private"]</c>.</summary>
internal static class JsonPath
{
    public const string Root = "$input";

    /// <summary>The compiler of the official validator quotes this word where it is declared; its runtime does not elsewhere.</summary>
    public const string PrivateSegment = "[\"private\"]";

    // JavaScript's reserved words as the official validator's runtime lists them.
    private static readonly HashSet<string> s_reserved =
    [
        "break", "case", "catch", "class", "const", "continue", "debugger", "default", "delete", "do", "else", "enum", "export",
        "extends", "false", "finally", "for", "function", "if", "import", "in", "instanceof", "new", "null", "return", "super",
        "switch", "this", "throw", "true", "try", "typeof", "var", "void", "while", "with",
    ];

    private static readonly SearchValues<char> s_identifier =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$");

    /// <summary>Where a node stands.</summary>
    public static string Of(JsonTape tape, int node)
    {
        var segments = new Stack<string>();
        for (int at = node; tape[at].Parent >= 0; at = tape[at].Parent)
            segments.Push(tape[at].KeyLength < 0 ? Item(tape.IndexOf(at)) : IsPrivateArgument(tape, at) ? PrivateSegment : Member(tape.KeyText(at)));
        var path = new StringBuilder(Root);
        foreach (string segment in segments) path.Append(segment);
        return path.ToString();
    }

    /// <summary><c>.key</c>, or <c>["key"]</c> for what is not an identifier.</summary>
    public static string Member(string key) =>
        key.Length > 0 && !char.IsAsciiDigit(key[0]) && key.AsSpan().IndexOfAnyExcept(s_identifier) < 0 && !s_reserved.Contains(key)
            ? "." + key
            : $"[{Quote(key)}]";

    /// <summary><c>[3]</c>.</summary>
    public static string Item(int index) => string.Create(CultureInfo.InvariantCulture, $"[{index}]");

    private static bool IsPrivateArgument(JsonTape tape, int node) =>
        tape[node].Key == DefinitionKeys.Private && tape[tape[node].Parent].Key == DefinitionKeys.Args;

    /// <summary>As JSON.stringify: only what must be escaped is, and half a surrogate pair.</summary>
    private static string Quote(string key)
    {
        var text = new StringBuilder("\"");
        for (int i = 0; i < key.Length; i++)
        {
            char c = key[i];
            bool isPair = i + 1 < key.Length && char.IsSurrogatePair(c, key[i + 1]);
            switch (c)
            {
                case '"': text.Append("\\\""); break;
                case '\\': text.Append("\\\\"); break;
                case '\b': text.Append("\\b"); break;
                case '\f': text.Append("\\f"); break;
                case '\n': text.Append("\\n"); break;
                case '\r': text.Append("\\r"); break;
                case '\t': text.Append("\\t"); break;
                case < ' ':
                    text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
                    break;
                default:
                    if (isPair) text.Append(c).Append(key[++i]);
                    else if (char.IsSurrogate(c)) text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
                    else text.Append(c);
                    break;
            }
        }
        return text.Append('"').ToString();
    }
}
