using Nosana.JobDefinition.Documents;

namespace Nosana.JobDefinition.Validation.Rules;

/// <summary>An operation's name. Newer clients refuse a space in it.</summary>
internal sealed class OperationIdRule() : Rule("string & TagBase<__type>", "a text without spaces, unique in ops")
{
    public override bool Check(Validator validator, int node)
    {
        JsonTape tape = validator.Tape;
        if (tape[node].Kind != JsonNodeKind.Text) return validator.Refuse(node, "(string & TagBase<__type>)", Allowed);
        bool hasSpace = tape[node].IsEscaped ? tape.Text(node).Contains(' ', StringComparison.Ordinal) : tape.Raw(node).Contains((byte)' ');
        if (hasSpace)
        {
            if (validator.IsStrict) return Refuse(validator, node);
            validator.Warn(node, Expected, "newer official clients refuse a space in an operation's id");
        }
        if (!validator.IsStrict && tape.Raw(node).Contains((byte)'.'))
            validator.Warn(node, Expected, "an operation whose id has a dot cannot be named in a %%ops...%% literal");
        return true;
    }
}
