using System.Globalization;
using Nosana.JobDefinition.Documents;

namespace Nosana.JobDefinition.Validation.Rules;

/// <summary>Ports as numbers and ranges. Strict mode bounds neither, as no official validator does.</summary>
internal static class PortNumber
{
    public const string TooMany = "fewer ports";


    /// <summary>The value is a number; union mode wants a port.</summary>
    public static bool Check(Validator validator, int node)
    {
        if (validator.IsStrict) return true;
        return PortText.IsPort(validator.Tape.Number(node))
            ? Count(validator, node, 1)
            : validator.Refuse(node, "number", "a whole number from 1 to 65535");
    }

    /// <summary>The value is a text; union mode takes a range of ports, expanded later.</summary>
    public static bool CheckRange(Validator validator, int node, string expected)
    {
        if (!PortText.TryRange(validator.Tape.Text(node), out double first, out double last) || first >= last)
            return validator.Refuse(node, expected, "a range of ports such as \"8000-8010\" (first below last), one literal, or a number");
        if (!PortText.IsPort(first) || !PortText.IsPort(last))
            return validator.Refuse(node, expected, "a range of ports from 1 to 65535");
        validator.Warn(node, expected, "the kit's validator refuses ranges; each port of it becomes an endpoint of its own");
        return Count(validator, node, (int)(last - first) + 1);
    }

    /// <summary>A stranger's few characters must not make this host open all ports there are, many times over.</summary>
    private static bool Count(Validator validator, int node, int ports)
    {
        const int Most = DefinitionLimits.MaxExposedPorts;
        validator.ExposedPorts += ports;
        return validator.ExposedPorts <= Most
            || validator.Refuse(node, TooMany, string.Create(CultureInfo.InvariantCulture, $"one of at most {Most} exposed ports of a definition"));
    }
}

/// <summary>The <c>port</c> of a port object.</summary>
/// <param name="takesRanges">Older clients take a range as text here, in lists.</param>
internal sealed class PortRule(bool takesRanges)
    : Rule("number", takesRanges ? "a port from 1 to 65535 or a range such as \"8000-8010\"" : "a port from 1 to 65535")
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
