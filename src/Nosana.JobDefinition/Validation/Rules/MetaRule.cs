using Nosana.JobDefinition.Documents;

namespace Nosana.JobDefinition.Validation.Rules;

/// <summary><c>meta</c>: two typed keys; the rest is free, up to two levels in the kit and without limit elsewhere.</summary>
internal sealed class MetaRule(Field trigger, Field systemResources) : Rule("(Meta | undefined)", "an object")
{
    public const string Free =
        "(Array<string | number> | Record<string, string | number | (string | number)[]> | number | string | undefined)";
    public const string Flat = "(Array<string | number> | number | string)";
    public const string Scalar = "(number | string)";

    public Field Trigger { get; } = trigger;

    public Field SystemResources { get; } = systemResources;

    public override bool Check(Validator validator, int node)
    {
        JsonTape tape = validator.Tape;
        if (tape[node].Kind != JsonNodeKind.Object) return Refuse(validator, node);
        bool good = CheckField(validator, node, Trigger) & CheckField(validator, node, SystemResources);
        foreach (int child in Members(validator, node))
            if (tape[child].Key != Trigger.Key && tape[child].Key != SystemResources.Key)
                good &= CheckFree(validator, child);
        return good;
    }

    private static IEnumerable<int> Members(Validator validator, int node) =>
        validator.IsStrict && ScriptOrder.MayDiffer(validator.Tape, node) ? ScriptOrder.Members(validator.Tape, node) : InOrder(validator.Tape, node);

    private static IEnumerable<int> InOrder(JsonTape tape, int node)
    {
        for (int child = node + 1; child < tape[node].End; child = tape[child].End)
            if (!tape[child].IsShadowed) yield return child;
    }

    private static bool CheckField(Validator validator, int meta, Field field)
    {
        int value = validator.Tape.Find(meta, field.Key);
        return value < 0 || field.Rule.Check(validator, value);
    }

    private static bool CheckFree(Validator validator, int node)
    {
        JsonTape tape = validator.Tape;
        switch (tape[node].Kind)
        {
            case JsonNodeKind.Text or JsonNodeKind.Number:
                return true;
            case JsonNodeKind.List:
                return CheckScalars(validator, node);
            case JsonNodeKind.Object:
                bool good = true;
                foreach (int child in Members(validator, node))
                {
                    good &= tape[child].Kind switch
                    {
                        JsonNodeKind.Text or JsonNodeKind.Number => true,
                        JsonNodeKind.List => CheckScalars(validator, child),
                        _ => TooFree(validator, child, Flat),
                    };
                }
                return good;
            default:
                return TooFree(validator, node, Free);
        }
    }

    private static bool CheckScalars(Validator validator, int list)
    {
        JsonTape tape = validator.Tape;
        bool good = true;
        for (int item = list + 1; item < tape[list].End; item = tape[item].End)
            if (tape[item].Kind is not (JsonNodeKind.Text or JsonNodeKind.Number))
                good &= TooFree(validator, item, Scalar);
        return good;
    }

    private static bool TooFree(Validator validator, int node, string expected)
    {
        if (validator.IsStrict) return validator.Refuse(node, expected, "a text, a number, a list of them, or one flat object of them");
        validator.Warn(node, expected, "the kit's validator refuses true, false, null and deeper nesting in meta");
        return true;
    }
}
