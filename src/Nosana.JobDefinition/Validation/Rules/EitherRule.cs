using Nosana.JobDefinition.Documents;

namespace Nosana.JobDefinition.Validation.Rules;

/// <summary>A value of one of several kinds; the kind alone decides which rule reports.</summary>
internal sealed class EitherRule(string expected, string allowed, Rule? text = null, Rule? list = null, Rule? obj = null, Rule? number = null)
    : Rule(expected, allowed)
{
    public IEnumerable<Rule> Branches => new[] { text, number, list, obj }.OfType<Rule>();

    public override bool Check(Validator validator, int node)
    {
        Rule? branch = validator.Tape[node].Kind switch
        {
            JsonNodeKind.Text => text,
            JsonNodeKind.List => list,
            JsonNodeKind.Object => obj,
            JsonNodeKind.Number => number,
            _ => null,
        };
        return branch?.Check(validator, node) ?? Refuse(validator, node);
    }
}
