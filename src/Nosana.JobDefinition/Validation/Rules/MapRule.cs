using Nosana.JobDefinition.Documents;

namespace Nosana.JobDefinition.Validation.Rules;

/// <summary>An object with free keys and values of one kind.</summary>
internal sealed class MapRule(string expected, string allowed, Rule value) : Rule(expected, allowed)
{
    public Rule Value { get; } = value;

    public override bool Check(Validator validator, int node)
    {
        if (validator.Tape[node].Kind != JsonNodeKind.Object) return Refuse(validator, node);
        bool good = true;
        if (validator.IsStrict && ScriptOrder.MayDiffer(validator.Tape, node))
        {
            foreach (int member in ScriptOrder.Members(validator.Tape, node)) good &= Value.Check(validator, member);
            return good;
        }
        int end = validator.Tape[node].End;
        for (int child = node + 1; child < end; child = validator.Tape[child].End)
            if (!validator.Tape[child].IsShadowed)
                good &= Value.Check(validator, child);
        return good;
    }
}
