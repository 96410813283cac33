using Nosana.JobDefinition.Documents;

namespace Nosana.JobDefinition.Validation.Rules;

/// <summary>The kit knows one version; older clients accept any text.</summary>
internal sealed class VersionRule() : Rule("\"0.1\"", "a text, normally \"0.1\" (quote it in YAML)")
{
    public override bool Check(Validator validator, int node)
    {
        if (validator.Tape.TextIs(node, "0.1"u8)) return true;
        if (validator.IsStrict || validator.Tape[node].Kind != JsonNodeKind.Text) return Refuse(validator, node);
        validator.Warn(node, Expected, "the kit's validator accepts version \"0.1\" only");
        return true;
    }
}
