using Nosana.JobDefinition.Documents;

namespace Nosana.JobDefinition.Validation.Rules;

/// <summary>True or false.</summary>
internal sealed class FlagRule(string expected = "(boolean | undefined)") : Rule(expected, "true or false")
{
    public override bool Check(Validator validator, int node) =>
        validator.Tape[node].Kind is JsonNodeKind.True or JsonNodeKind.False || Refuse(validator, node);
}
