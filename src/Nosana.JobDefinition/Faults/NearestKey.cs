using Nosana.JobDefinition.Documents;

namespace Nosana.JobDefinition.Faults;

/// <summary>The known key that a misspelt one most likely stands for.</summary>
public static class NearestKey
{
    private const int LongestKey = 40;
    private const int MostCandidates = 200;
    private const int ShortestCut = 3;

    /// <summary>The question to end a message with: whether the nearest known key was meant; empty when none is near.</summary>
    public static string Hint(string key, IEnumerable<string> known) => Find(key, known) is { } nearest ? $" - did you mean '{nearest}'?" : "";

    /// <summary>The same for the key of a node, which is not made a text when it is too long for any of them.</summary>
    internal static string? Find(JsonTape tape, int node, IEnumerable<string> known) =>
        tape[node].KeyLength is > 0 and <= 4 * LongestKey ? Find(tape.KeyText(node), known) : null;

    /// <summary>The nearest of the known keys by edit distance (a swap of neighbours counts one), else one that begins as it does, or null.</summary>
    public static string? Find(string key, IEnumerable<string> known)
    {
        if (key.Length is 0 or > LongestKey) return null;
        string? best = null;
        int bestDistance = Math.Max(1, key.Length / 3) + 1;
        key = Plain(key);
        foreach (string candidate in known.Take(MostCandidates))
        {
            if (Math.Abs(candidate.Length - key.Length) > LongestKey) continue;
            int distance = Distance(key, Plain(candidate));
            if (distance >= bestDistance) continue;
            best = candidate;
            bestDistance = distance;
        }
        return best ?? known.Take(MostCandidates).FirstOrDefault(candidate => candidate.Length <= LongestKey && IsCut(key, Plain(candidate)));
    }

    /// <summary>One is the beginning of the other: <c>restart</c> for <c>restart_policy</c>, <c>environment</c> for <c>env</c>.</summary>
    private static bool IsCut(string key, string candidate) =>
        Math.Min(key.Length, candidate.Length) >= ShortestCut
        && (key.StartsWith(candidate, StringComparison.Ordinal) || candidate.StartsWith(key, StringComparison.Ordinal));

    /// <summary>Case and word separators are the commonest slips, so they cost nothing.</summary>
    private static string Plain(string key) => key.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();

    private static int Distance(string a, string b)
    {
        int[,] cost = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++) cost[i, 0] = i;
        for (int j = 0; j <= b.Length; j++) cost[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
            for (int j = 1; j <= b.Length; j++)
            {
                int change = cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                cost[i, j] = Math.Min(change, Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
            }
        return cost[a.Length, b.Length];
    }
}
