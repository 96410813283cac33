using Nosana.JobDefinition.Documents;

namespace Nosana.JobDefinition.Validation.Rules;

/// <summary>An object of one shape.</summary>
/// <param name="expected">The official validator's wording.</param>
/// <param name="allowed">Plain words that complete "must be".</param>
/// <param name="shape">Its keys.</param>
/// <param name="listsToo">The official validator looks for the keys in a list as well (and never finds them).</param>
internal sealed class ObjectRule(string expected, string allowed, Shape shape, bool listsToo = false) : Rule(expected, allowed)
{
    public Shape Shape { get; } = shape;

    public override bool Check(Validator validator, int node)
    {
        JsonNodeKind kind = validator.Tape[node].Kind;
        return kind == JsonNodeKind.Object || (kind == JsonNodeKind.List && listsToo && validator.IsStrict)
            ? Shape.Check(validator, node)
            : Refuse(validator, node);
    }
}
