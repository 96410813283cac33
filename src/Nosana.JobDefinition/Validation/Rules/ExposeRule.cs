using Nosana.JobDefinition.Documents;

namespace Nosana.JobDefinition.Validation.Rules;

/// <summary>
/// <c>expose</c>: a number, a literal, an object, a list of them; ranges as text for older clients. Numbers are bounded here,
/// although no official validator does so.
/// </summary>
internal sealed class ExposeRule(Shape port, Shape portInList, Shape spread)
    : Rule(
        "((Array<ExposeBase> & TagBase<__type>) | (__type & TagBase<__type>) | (string & TagBase<__type>) | ExposedPort | number | undefined)",
        "a port, a range such as \"8000-8010\", a literal, an object with a port, or a list of these")
{
    public const string Item = "((__type & TagBase<__type>) | (string & TagBase<__type>) | ExposedPort | number)";
    private const string NeitherObject = "(__type | ExposedPort)";
    public const string NotUnique = "Array<> & TagBase<__type>";
    private const string NoText = "string & TagBase<__type>";

    public IReadOnlyList<Shape> Shapes { get; } = [portInList, spread];

    public override bool Check(Validator validator, int node)
    {
        JsonTape tape = validator.Tape;
        switch (tape[node].Kind)
        {
            case JsonNodeKind.Number:
                return PortNumber.Check(validator, node);
            case JsonNodeKind.Text:
                return CheckText(validator, node);
            case JsonNodeKind.Object:
                return CheckObject(validator, node, port);
            case JsonNodeKind.List:
                if (!PortsAreUnique(tape, node))
                    return validator.Refuse(node, NotUnique, "a list of different ports, without overlap of ranges and without other texts");
                bool good = true;
                for (int item = node + 1; item < tape[node].End; item = tape[item].End) good &= CheckItem(validator, item);
                return good;
            default:
                return Refuse(validator, node);
        }
    }

    private bool CheckItem(Validator validator, int node) =>
        validator.Tape[node].Kind switch
        {
            JsonNodeKind.Number => PortNumber.Check(validator, node),
            JsonNodeKind.Text => CheckText(validator, node),
            JsonNodeKind.Object or JsonNodeKind.List => CheckObject(validator, node, portInList),
            _ => validator.Refuse(node, Item, Allowed),
        };

    private static bool CheckText(Validator validator, int node)
    {
        if (LiteralText.IsLiteral(validator.Tape, node)) return true;
        return validator.IsStrict
            ? validator.Refuse(node, NoText, "one literal, such as \"%%ops.ID.results.KEY%%\"")
            : PortNumber.CheckRange(validator, node, NoText);
    }

    private bool CheckObject(Validator validator, int node, Shape shape)
    {
        JsonTape tape = validator.Tape;
        if (tape[node].Kind == JsonNodeKind.Object)
        {
            if (tape.Find(node, DefinitionKeys.Spread) >= 0) return spread.Check(validator, node);
            if (tape.Find(node, DefinitionKeys.Port) >= 0) return shape.Check(validator, node);
        }
        return validator.Refuse(node, NeitherObject, "an object with a \"port\" or a \"__spread__\"");
    }

    /// <summary>Numbers differ, texts are ranges that do not overlap, no number lies in a range. Literals and spreads are not looked at.</summary>
    private static bool PortsAreUnique(JsonTape tape, int list)
    {
        PortSet? ports = null;
        for (int item = list + 1; item < tape[list].End; item = tape[item].End)
        {
            int value = PortOf(tape, item);
            if (value < 0) continue;
            if (tape[value].Kind == JsonNodeKind.Number)
            {
                if (tape[list].Count == 1) return true;
                if (!(ports ??= new PortSet()).Add(tape.Number(value))) return false;
            }
            else if (tape[value].Kind == JsonNodeKind.Text)
            {
                if (!PortText.TryRange(tape.Text(value), out double first, out double last)) return false;
                (ports ??= new PortSet()).Add(first, last);
            }
        }
        return ports?.IsDisjoint() ?? true;
    }

    /// <summary>What stands for the port in a list's item: itself or its <c>port</c>; -1 for literals, spreads and what has none.</summary>
    private static int PortOf(JsonTape tape, int item)
    {
        if (tape[item].Kind != JsonNodeKind.Object) return LiteralText.IsLiteral(tape, item) ? -1 : item;
        int spreadValue = tape.Find(item, DefinitionKeys.Spread);
        return spreadValue >= 0 && IsTruthy(tape, spreadValue) ? -1 : tape.Find(item, DefinitionKeys.Port);
    }

    private static bool IsTruthy(JsonTape tape, int node) =>
        tape[node].Kind switch
        {
            JsonNodeKind.Null or JsonNodeKind.False => false,
            JsonNodeKind.Number => tape.Number(node) != 0,
            JsonNodeKind.Text => tape[node].Length > 0,
            _ => true,
        };
}
