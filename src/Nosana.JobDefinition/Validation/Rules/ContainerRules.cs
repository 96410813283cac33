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
