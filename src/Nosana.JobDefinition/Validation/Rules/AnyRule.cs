namespace Nosana.JobDefinition.Validation.Rules;

/// <summary>Anything.</summary>
internal sealed class AnyRule() : Rule("unknown", "anything")
{
    public override bool Check(Validator validator, int node) => true;
}
