using Nosana.JobDefinition.Documents;

namespace Nosana.JobDefinition.Validation.Rules;

/// <summary>Any text.</summary>
internal sealed class TextRule(string expected = "string", string allowed = "a text", bool isSecret = false) : Rule(expected, allowed)
{
    public bool IsSecret { get; } = isSecret;

    public override bool Check(Validator validator, int node) =>
        validator.Tape[node].Kind == JsonNodeKind.Text || validator.Refuse(node, Expected, Allowed, IsSecret);
}
