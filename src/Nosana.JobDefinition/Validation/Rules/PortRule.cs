using Nosana.JobDefinition.Documents;

namespace Nosana.JobDefinition.Validation.Rules;

/// <summary>The <c>port</c> of a port object.</summary>
/// <param name="takesRanges">Older clients take a range as text here, in lists.</param>
internal sealed class PortRule(bool takesRanges) : Rule("number", takesRanges ? "a port from 1 to 65535 or a range such as \"8000-8010\"" : "a port from 1 to 65535")
{
    public bool TakesRanges { get; } = takesRanges;

    public override bool Check(Validator validator, int node) =>
        validator.Tape[node].Kind switch
        {
            JsonNodeKind.Number => PortNumber.Check(validator, node),
            JsonNodeKind.Text when TakesRanges && !validator.IsStrict => PortNumber.CheckRange(validator, node, Expected),
            _ => Refuse(validator, node),
        };
}
