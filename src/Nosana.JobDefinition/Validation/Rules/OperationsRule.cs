using Nosana.JobDefinition.Reading;

namespace Nosana.JobDefinition.Validation.Rules;

/// <summary>The list of operations. When an id is missing, no text or used twice, nothing else is reported for the list.</summary>
internal sealed class OperationsRule(Rule operation) : Rule("(Ops & UniqueById)", "a list of operations")
{
    private const string NotUnique = "Array<> & UniqueById";
    private const int PairwiseIds = 8;

    public Rule Operation { get; } = operation;

    public override bool Check(Validator validator, int node)
    {
        JsonTape tape = validator.Tape;
        if (tape[node].Kind != JsonNodeKind.List) return Refuse(validator, node);
        if (FirstWithoutUniqueId(tape, node, out string why) is int bad && bad >= 0)
        {
            string path = JsonPath.Of(tape, node);
            return validator.IsStrict
                ? validator.Report(path, NotUnique, null, $"every operation needs an id of its own, but {JsonPath.Of(tape, bad)} {why}")
                : validator.Report(path, NotUnique, null, $"every operation needs an id of its own (a text): {JsonPath.Of(tape, bad)} {why}");
        }
        return ListRule.CheckItems(validator, node, Operation);
    }

    private static int FirstWithoutUniqueId(JsonTape tape, int list, out string why)
    {
        why = "has none";
        int end = tape[list].End;
        HashSet<string>? seen = tape[list].Count > 1 ? new HashSet<string>(Math.Min(tape[list].Count, PairwiseIds), StringComparer.Ordinal) : null;
        for (int op = list + 1; op < end; op = tape[op].End)
        {
            int id = tape[op].Kind == JsonNodeKind.Object ? tape.Find(op, DefinitionKeys.Id) : -1;
            if (id < 0 || tape[id].Kind != JsonNodeKind.Text) return op;
            if (seen is null || seen.Add(tape.Text(id))) continue;
            why = $"repeats '{tape.Text(id)}'";
            return op;
        }
        return -1;
    }
}
