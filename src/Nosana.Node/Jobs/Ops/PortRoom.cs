using System.Text.Json.Nodes;
using Nosana.JobDefinition.Documents;
using Nosana.JobDefinition.Faults;
using Nosana.JobDefinition.Model;
using Nosana.Node.Jobs.State;

namespace Nosana.Node.Jobs.Ops;

/// <summary>
/// The ports that a job's operations expose, counted once their placeholders are filled in: what a definition itself says of them is known before
/// it runs, and is none of these.
/// </summary>
internal sealed class PortRoom
{
    private readonly Dictionary<string, int> _ports = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <param name="job">Address of the job.</param>
    /// <param name="resume">Has the endpoints of operations that have ended already; null for a new job.</param>
    public PortRoom(string job, FlowState? resume)
    {
        if (resume?.Secrets[job] is not JsonObject endpoints) return;
        foreach (string op in endpoints.Select(endpoint => endpoint.Value?["opID"]?.GetValue<string>()).OfType<string>())
            _ports[op] = _ports.GetValueOrDefault(op) + 1;
    }

    /// <summary>The operation exposes so many, whatever it exposed in an earlier run.</summary>
    /// <exception cref="PlaceholderException">With them the job has too many.</exception>
    public void Take(Operation op, int ports)
    {
        lock (_lock)
        {
            int all = _ports.Where(other => other.Key != op.Id).Sum(other => other.Value) + ports;
            if (all > DefinitionLimits.MaxExposedPorts)
                throw new PlaceholderException(
                    $"{op.Path}.args.expose",
                    $"the operation exposes {ports} ports, with which the job has {all}; it may have {DefinitionLimits.MaxExposedPorts}");
            _ports[op.Id] = ports;
        }
    }
}
