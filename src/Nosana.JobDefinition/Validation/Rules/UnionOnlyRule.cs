namespace Nosana.JobDefinition.Validation.Rules;

/// <summary>A key that the kit refuses and some other official client accepts: taken, with a warning.</summary>
internal sealed class UnionOnlyRule(Rule inner, string warning) : Rule(inner.Expected, inner.Allowed)
{
    public Rule Inner { get; } = inner;

    public override bool Check(Validator validator, int node)
    {
        if (!Inner.Check(validator, node)) return false;
        validator.Warn(node, "undefined", warning);
        return true;
    }
}
