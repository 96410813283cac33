using System.Globalization;
using Nosana.JobDefinition.Documents;
using Nosana.JobDefinition.Faults;

namespace Nosana.JobDefinition.Validation.Rules;

/// <summary>
/// The list of operations. When an id is missing, not a text or used twice, the official validator reports that for the list and nothing
/// else in it, so strict mode does; otherwise each is reported at its own place, with all that is wrong beside it.
/// </summary>
internal sealed class OperationsRule(Rule operation) : Rule("(Ops & UniqueById)", "a list of operations")
{
    public const string TooMany = "fewer operations";
    private const string NotUnique = "Array<> & UniqueById";
    private const int FewIds = 8;

    public Rule Operation { get; } = operation;

    public override bool Check(Validator validator, int node)
    {
        JsonTape tape = validator.Tape;
        if (tape[node].Kind != JsonNodeKind.List) return Refuse(validator, node);
        bool good = validator.IsStrict || tape[node].Count <= DefinitionLimits.MaxOperations || RefuseTooMany(validator, node);
        int position = 0;
        Dictionary<string, int>? seen = tape[node].Count > 1 ? new(Math.Min(tape[node].Count, FewIds), StringComparer.Ordinal) : null;
        for (int op = node + 1; op < tape[node].End; op = tape[op].End, position++)
        {
            int id = tape[op].Kind == JsonNodeKind.Object ? tape.Find(op, DefinitionKeys.Id) : -1;
            bool isText = id >= 0 && tape[id].Kind == JsonNodeKind.Text;
            int first = isText && seen?.TryAdd(tape.Text(id), position) == false ? seen[tape.Text(id)] : -1;
            if (validator.IsStrict)
            {
                if (isText && first < 0) continue;
                string why = isText ? $"repeats that of $input.ops[{first}]" : "has none";
                return validator.Report(JsonPath.Of(tape, node), NotUnique, null, $"every operation needs an id of its own, and {JsonPath.Of(tape, op)} {why}");
            }
            if (first >= 0) good &= validator.Refuse(id, NotUnique, $"different from the id of $input.ops[{first}]");
            good &= Operation.Check(validator, op);
        }
        return validator.IsStrict ? ListRule.CheckItems(validator, node, Operation) : good;
    }

    private static bool RefuseTooMany(Validator validator, int node)
    {
        string found = string.Create(CultureInfo.InvariantCulture, $"{validator.Tape[node].Count} operations");
        return validator.Report(
            JsonPath.Of(validator.Tape, node), TooMany, found,
            string.Create(CultureInfo.InvariantCulture, $"must be a list of at most {DefinitionLimits.MaxOperations} operations; found {found}"));
    }
}
