using Nosana.JobDefinition.Documents;

namespace Nosana.JobDefinition.Validation.Rules;

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
