using System.Globalization;
using Nosana.JobDefinition.Documents;

namespace Nosana.JobDefinition.Faults;

/// <summary>
/// Faults as they are found, bounded in number and in text: paths and messages repeat a stranger's own keys and ids, each of which may
/// be as long as the document.
/// </summary>
/// <param name="what">What is listed, for the line that says how many more there are.</param>
internal sealed class FaultList(string what = "faults")
{
    private readonly List<DefinitionFault> _faults = [];
    private int _text;
    private int _unlisted;

    /// <summary>What comes from here on is only counted.</summary>
    public bool IsFull => _faults.Count >= DefinitionLimits.MaxFaults || _text >= DefinitionLimits.MaxFaultText;

    /// <summary>Whether one more is listed. Beyond the limits it is only counted, without the work of naming its place.</summary>
    public bool TakesOrCounts()
    {
        if (!IsFull) return true;
        _unlisted++;
        return false;
    }

    public void Add(DefinitionFault fault)
    {
        _faults.Add(fault);
        _text += fault.Path.Length + fault.Message.Length + (fault.Found?.Length ?? 0);
    }

    /// <summary>What was listed, and how many more there are.</summary>
    public IReadOnlyList<DefinitionFault> Read() => _unlisted == 0
        ? _faults
        : [.. _faults, new DefinitionFault(JsonPath.Root, "", null, string.Create(CultureInfo.InvariantCulture, $"{_unlisted} more {what} are not listed"))];
}
