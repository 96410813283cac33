using Nosana.JobDefinition.Documents;

namespace Nosana.JobDefinition.Validation.Rules;

/// <summary>
/// The order in which JavaScript enumerates an object's keys: those that are array indices first, by number, then the others as
/// they came. A key that stands twice keeps its first place and its last value.
/// </summary>
internal static class ScriptOrder
{
    private const int LongestIndex = 10;

    /// <summary>The document's own order may differ from JavaScript's.</summary>
    public static bool MayDiffer(JsonTape tape, int container)
    {
        ReadOnlySpan<byte> bytes = tape.Utf8.Span;
        int end = tape[container].End;
        for (int child = container + 1; child < end; child = tape[child].End)
        {
            ref readonly TapeNode node = ref tape[child];
            if (node.IsShadowed || node.KeyIsEscaped) return true;
            if (node.KeyLength > 0 && bytes[node.KeyStart] is >= (byte)'0' and <= (byte)'9') return true;
        }
        return false;
    }

    /// <summary>Members that count, in that order.</summary>
    public static IEnumerable<int> Members(JsonTape tape, int container)
    {
        bool isList = tape[container].Kind == JsonNodeKind.List;
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var members = new List<(uint Index, int Place, int Node)>();
        int end = tape[container].End;
        for (int child = container + 1; child < end; child = tape[child].End)
        {
            if (isList)
            {
                members.Add((uint.MaxValue, child, child));
                continue;
            }
            string key = tape.KeyText(child);
            places.TryAdd(key, child);
            if (!tape[child].IsShadowed) members.Add((ArrayIndex(key) ?? uint.MaxValue, places[key], child));
        }
        members.Sort();
        return members.Select(m => m.Node);
    }

    private static uint? ArrayIndex(string key)
    {
        if (key.Length is < 1 or > LongestIndex || !key.All(char.IsAsciiDigit) || (key[0] == '0' && key.Length > 1)) return null;
        return uint.TryParse(key, out uint index) && index != uint.MaxValue ? index : null;
    }
}
