using System.Text;

namespace Nosana.JobDefinition.Validation.Rules;

/// <summary>One of a few words.</summary>
internal sealed class WordRule(string expected, string[] words, string allowed) : Rule(expected, allowed)
{
    private readonly byte[][] _words = [.. words.Select(Encoding.UTF8.GetBytes)];

    public WordRule(string expected, params string[] words) : this(expected, words, Describe(words))
    {
    }

    public IReadOnlyList<string> Words { get; } = words;

    public bool Allows(Validator validator, int node)
    {
        foreach (byte[] word in _words)
            if (validator.Tape.TextIs(node, word)) return true;
        return false;
    }

    public override bool Check(Validator validator, int node) => Allows(validator, node) || Refuse(validator, node);

    private static string Describe(string[] words) =>
        words.Length == 1 ? $"\"{words[0]}\"" : "one of " + string.Join(", ", words.Select(w => $"\"{w}\""));
}
