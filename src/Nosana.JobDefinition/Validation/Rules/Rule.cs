namespace Nosana.JobDefinition.Validation.Rules;

/// <summary>What one value may be.</summary>
/// <param name="expected">The official validator's wording.</param>
/// <param name="allowed">Plain words that complete "must be".</param>
internal abstract class Rule(string expected, string allowed)
{
    public string Expected { get; } = expected;

    public string Allowed { get; } = allowed;

    /// <summary>True when the value is allowed; otherwise it has been reported.</summary>
    public abstract bool Check(Validator validator, int node);

    protected bool Refuse(Validator validator, int node) => validator.Refuse(node, Expected, Allowed);
}
