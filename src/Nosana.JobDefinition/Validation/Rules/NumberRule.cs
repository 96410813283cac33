using Nosana.JobDefinition.Documents;

namespace Nosana.JobDefinition.Validation.Rules;

/// <summary>Any number.</summary>
internal sealed class NumberRule(string expected = "number", string allowed = "a number") : Rule(expected, allowed)
{
    public override bool Check(Validator validator, int node) =>
        validator.Tape[node].Kind == JsonNodeKind.Number || Refuse(validator, node);
}
