using Nosana.JobDefinition.Documents;

namespace Nosana.JobDefinition.Validation.Rules;

/// <summary>One to four different log types.</summary>
internal sealed class LogTypesRule()
    : Rule("(Array<StdOption> & UniqueLogTypeTag)", "a list of 1 to 4 different words of stdin, stdout, stderr, nodeerr")
{
    private const int MostTypes = 4;

    public WordRule Item { get; } = new("(\"nodeerr\" | \"stderr\" | \"stdin\" | \"stdout\")", "stdin", "stdout", "stderr", "nodeerr");

    public override bool Check(Validator validator, int node)
    {
        JsonTape tape = validator.Tape;
        if (tape[node].Kind != JsonNodeKind.List) return Refuse(validator, node);
        if (tape[node].Count is < 1 or > MostTypes || !AllDifferent(tape, node))
            return validator.Refuse(node, "Array<> & UniqueLogTypeTag", Allowed);
        return ListRule.CheckItems(validator, node, Item);
    }

    private static bool AllDifferent(JsonTape tape, int list)
    {
        for (int a = list + 1; a < tape[list].End; a = tape[a].End)
            for (int b = tape[a].End; b < tape[list].End; b = tape[b].End)
                if (ScriptEquals(tape, a, b)) return false;
        return true;
    }

    /// <summary>As members of a JavaScript Set: objects and lists are never the same.</summary>
    private static bool ScriptEquals(JsonTape tape, int a, int b) =>
        tape[a].Kind == tape[b].Kind && tape[a].Kind switch
        {
            JsonNodeKind.Text => tape.Text(a) == tape.Text(b),
            JsonNodeKind.Number => tape.Number(a).Equals(tape.Number(b)) || tape.Number(a) == tape.Number(b),
            JsonNodeKind.Object or JsonNodeKind.List => false,
            _ => true,
        };
}
