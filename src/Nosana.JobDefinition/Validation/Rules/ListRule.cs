using Nosana.JobDefinition.Documents;

namespace Nosana.JobDefinition.Validation.Rules;

/// <summary>A list of any length.</summary>
internal sealed class ListRule(string expected, string allowed, Rule item) : Rule(expected, allowed)
{
    public Rule Item { get; } = item;

    public override bool Check(Validator validator, int node) =>
        validator.Tape[node].Kind == JsonNodeKind.List ? CheckItems(validator, node, Item) : Refuse(validator, node);

    public static bool CheckItems(Validator validator, int list, Rule item)
    {
        bool good = true;
        int end = validator.Tape[list].End;
        for (int child = list + 1; child < end; child = validator.Tape[child].End)
            good &= item.Check(validator, child);
        return good;
    }
}
