using System.Text;
using Nosana.JobDefinition.Documents;

namespace Nosana.JobDefinition.Validation.Rules;

/// <summary>Any text.</summary>
internal sealed class TextRule(string expected = "string", string allowed = "a text", bool isSecret = false) : Rule(expected, allowed)
{
    public bool IsSecret { get; } = isSecret;

    public override bool Check(Validator validator, int node) =>
        validator.Tape[node].Kind == JsonNodeKind.Text || validator.Refuse(node, Expected, Allowed, IsSecret);
}

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

/// <summary>The kit knows one version; older clients accept any text.</summary>
internal sealed class VersionRule() : Rule("\"0.1\"", "a text, normally \"0.1\" (quote it in YAML)")
{
    public override bool Check(Validator validator, int node)
    {
        if (validator.Tape.TextIs(node, "0.1"u8)) return true;
        if (validator.IsStrict || validator.Tape[node].Kind != JsonNodeKind.Text) return Refuse(validator, node);
        validator.Warn(node, Expected, "the kit's validator accepts version \"0.1\" only");
        return true;
    }
}

/// <summary>The value of <c>__spread__</c> in a list: one literal.</summary>
internal sealed class SpreadTextRule() : Rule("string & TagBase<__type>", "one literal, such as \"%%ops.ID.results.KEY%%\"")
{
    public override bool Check(Validator validator, int node)
    {
        if (LiteralText.IsLiteral(validator.Tape, node)) return true;
        return validator.Tape[node].Kind == JsonNodeKind.Text
            ? Refuse(validator, node)
            : validator.Refuse(node, "(string & TagBase<__type>)", Allowed);
    }
}

/// <summary>Any number.</summary>
internal sealed class NumberRule(string expected = "number", string allowed = "a number") : Rule(expected, allowed)
{
    public override bool Check(Validator validator, int node) =>
        validator.Tape[node].Kind == JsonNodeKind.Number || Refuse(validator, node);
}

/// <summary>True or false.</summary>
internal sealed class FlagRule(string expected = "(boolean | undefined)") : Rule(expected, "true or false")
{
    public override bool Check(Validator validator, int node) =>
        validator.Tape[node].Kind is JsonNodeKind.True or JsonNodeKind.False || Refuse(validator, node);
}

/// <summary>Anything.</summary>
internal sealed class AnyRule() : Rule("unknown", "anything")
{
    public override bool Check(Validator validator, int node) => true;
}

/// <summary>The key must be absent, although the shape names it.</summary>
internal sealed class NeverRule() : Rule("undefined", "absent here, or a list of operation ids")
{
    public override bool Check(Validator validator, int node) => Refuse(validator, node);
}
