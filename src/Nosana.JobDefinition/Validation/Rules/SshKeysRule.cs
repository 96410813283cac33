using Nosana.JobDefinition.Documents;
using Nosana.JobDefinition.Ssh;

namespace Nosana.JobDefinition.Validation.Rules;

/// <summary>
/// Keys that may reach the job by SSH. The newest official validator takes any texts, so a line that is no key does not end the job; it is left out, and told
/// now: later its owner would read nothing but "Permission denied".
/// </summary>
internal sealed class SshKeysRule() : Rule("(Array<string> | undefined)", "a list of texts")
{
    public Rule Item { get; } = new TextRule();

    public override bool Check(Validator validator, int node)
    {
        JsonTape tape = validator.Tape;
        if (tape[node].Kind != JsonNodeKind.List) return Refuse(validator, node);
        if (!ListRule.CheckItems(validator, node, Item)) return false;
        var keys = new SshKeySet();
        for (int item = node + 1; item < tape[node].End; item = tape[item].End)
            if (keys.Add(tape.Text(item)) is { } fault) validator.Warn(item, Expected, $"opens nothing: the line {fault}");
        return true;
    }
}
