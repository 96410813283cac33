namespace Nosana.JobDefinition.Validation.Rules;

/// <summary>The key must be absent, although the shape names it.</summary>
internal sealed class NeverRule() : Rule("undefined", "absent here, or a list of operation ids")
{
    public override bool Check(Validator validator, int node) => Refuse(validator, node);
}
