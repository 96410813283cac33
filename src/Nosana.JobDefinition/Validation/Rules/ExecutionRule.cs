using Nosana.JobDefinition.Documents;

namespace Nosana.JobDefinition.Validation.Rules;

/// <summary>
/// <c>execution</c>. The kit takes one of two shapes, with and without <c>depends_on</c>, so a wrong list there is reported
/// as a key that must go; the newest kit takes one loose shape and knows <c>timeout</c>.
/// </summary>
internal sealed class ExecutionRule(Shape union, Shape withDependencies, Shape withoutDependencies)
    : Rule(
        "(undefined | { group?: string | undefined; } & { depends_on: string[]; stop_if_dependent_stops?: boolean | undefined; } "
        + "| { group?: string | undefined; } & { depends_on?: undefined; stop_if_dependent_stops?: undefined; })",
        "an object with group, depends_on, stop_if_dependent_stops, timeout")
{
    public Shape Union { get; } = union;

    public override bool Check(Validator validator, int node)
    {
        JsonTape tape = validator.Tape;
        if (tape[node].Kind != JsonNodeKind.Object) return Refuse(validator, node);
        int dependsOn = tape.Find(node, DefinitionKeys.DependsOn);
        if (validator.IsStrict) return (IsTextList(tape, dependsOn) ? withDependencies : withoutDependencies).Check(validator, node);

        bool good = Union.Check(validator, node);
        if (!good) return false;
        if (tape.Find(node, DefinitionKeys.Timeout) is >= 0 and int timeout)
            validator.Warn(timeout, "undefined", "older official clients refuse execution.timeout");
        if (dependsOn < 0 && tape.Find(node, DefinitionKeys.StopIfDependentStops) is >= 0 and int stop)
            validator.Warn(stop, "undefined", "older official clients refuse it without depends_on");
        return true;
    }

    private static bool IsTextList(JsonTape tape, int node)
    {
        if (node < 0 || tape[node].Kind != JsonNodeKind.List) return false;
        for (int item = node + 1; item < tape[node].End; item = tape[item].End)
            if (tape[item].Kind != JsonNodeKind.Text) return false;
        return true;
    }
}
