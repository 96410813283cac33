using System.Globalization;
using System.Text.Json;
using Nosana.JobDefinition.Exposure;
using Nosana.JobDefinition.Faults;
using Nosana.JobDefinition.Flow;
using Nosana.JobDefinition.Model;

namespace Nosana.JobDefinition.Placeholders;

/// <summary>Looks for literals that no run of the definition can give a value.</summary>
internal sealed class ReferenceCheck(Definition definition, FlowPlan? plan)
{
    private const string Results = "results.";
    private const string Endpoint = "endpoint.";
    private const string Variables = "variables.";

    private readonly Dictionary<string, Operation> _ops = definition.Ops.ToDictionary(op => op.Id, StringComparer.Ordinal);
    private readonly FaultList _faults = new();
    private readonly Dictionary<int, HashSet<string>> _ports = [];
    private readonly Dictionary<int, HashSet<string>> _results = [];

    public IReadOnlyList<DefinitionFault> Run()
    {
        foreach (Operation op in definition.Ops)
        {
            // Most arguments have no literal at all; their bytes say so without parsing.
            if (op.Args.Utf8Json.Span.IndexOf("%%"u8) >= 0 || op.Args.Utf8Json.Span.IndexOf("\\u"u8) >= 0)
                Visit(op, op.Args.Element, Place.At(op.Path + ".args"));
        }
        return _faults.Read();
    }

    private void Visit(Operation op, JsonElement element, Place place)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty property in element.EnumerateObject()) Visit(op, property.Value, place.Member(property.Name));
                break;
            case JsonValueKind.Array:
                int index = 0;
                foreach (JsonElement item in element.EnumerateArray()) Visit(op, item, place.Item(index++));
                break;
            case JsonValueKind.String:
                string text = element.GetString()!;
                foreach (Literal literal in LiteralScanner.All(text))
                {
                    if (WhyMissing(op, literal) is not { } why || !_faults.TakesOrCounts()) continue;
                    string found = text.Substring(literal.Start, literal.Length);
                    _faults.Add(new DefinitionFault(place.ToString(), "a literal with a value", found, $"{literal.Describe(text)}: {why}"));
                }
                break;
        }
    }

    private string? WhyMissing(Operation user, Literal literal)
    {
        if (literal.OpId is null) return WhyGlobalMissing(literal.Key);
        if (!_ops.TryGetValue(literal.OpId, out Operation? op))
            return literal.OpId == "variables"
                ? WhyVariableMissing(literal.Key)
                : $"no operation has the id '{literal.OpId}'{Suggest(literal.OpId, _ops.Keys)}";

        string path = literal.Key;
        if (path == "host") return null;
        if (path == "container_ip")
            return op.Type == OperationType.ContainerRun
                ? WhyTooEarly(user, op, "address before its container has started")
                : $"operation '{op.Id}' has no container";
        if (path == "deployment_endpoint")
            return definition.DeploymentId is null ? "the definition has no deployment_id" : Exposes(op) ? null : $"operation '{op.Id}' exposes no port";
        if (path.StartsWith(Endpoint, StringComparison.Ordinal))
        {
            string port = path[Endpoint.Length..];
            return Endpoints.HasDynamicPorts(op) || PortsOf(op).Contains(port) ? null : $"operation '{op.Id}' does not expose port {port}";
        }
        if (path.StartsWith(Results, StringComparison.Ordinal)) return WhyResultMissing(user, op, path[Results.Length..]);
        return $"an operation has host, container_ip, endpoint.PORT, deployment_endpoint and results.KEY, not '{path}'";
    }

    private string? WhyResultMissing(Operation user, Operation op, string key)
    {
        int dot = key.LastIndexOf('.');
        string list = dot > 0 ? key[..dot] : key;
        HashSet<string> names = ResultsOf(op);
        if (!names.Contains(key) && !names.Contains(list)) return $"operation '{op.Id}' extracts no result '{key}'{Suggest(key, names)}";
        return WhyTooEarly(user, op, "results before it ended");
    }

    private string? WhyTooEarly(Operation user, Operation op, string what)
    {
        if (op == user) return $"an operation has no {what}";
        return plan is not null && plan.Ops[op.Index].GroupIndex > plan.Ops[user.Index].GroupIndex
            ? $"operation '{op.Id}' runs in a later group than '{user.Id}'"
            : null;
    }

    private string? WhyGlobalMissing(string key) =>
        key is "job" or "host" or "project" or "frps_address" or "version" ? null
        : key.StartsWith(Variables, StringComparison.Ordinal) ? WhyVariableMissing(key[Variables.Length..])
        : "known are global.job, global.host, global.project, global.frps_address, global.version and global.variables.NAME";

    private string? WhyVariableMissing(string name)
    {
        IReadOnlyDictionary<string, string> variables = definition.Global?.Variables ?? new Dictionary<string, string>();
        if (!variables.TryGetValue(name, out string? value)) return $"global.variables has no '{name}'{Suggest(name, variables.Keys)}";
        return value.Length == 0 ? "the variable is empty, which counts as no value" : null;
    }

    private HashSet<string> PortsOf(Operation op)
    {
        if (!_ports.TryGetValue(op.Index, out HashSet<string>? ports))
            _ports[op.Index] = ports = [.. Endpoints.StaticPorts(op).Select(p => p.Port.ToString(CultureInfo.InvariantCulture))];
        return ports;
    }

    private HashSet<string> ResultsOf(Operation op)
    {
        if (!_results.TryGetValue(op.Index, out HashSet<string>? names)) _results[op.Index] = names = [.. op.Results.Select(r => r.Name)];
        return names;
    }

    private bool Exposes(Operation op) => Endpoints.HasDynamicPorts(op) || PortsOf(op).Count > 0;

    private string Suggest(string name, IEnumerable<string> known) => _faults.IsFull ? "" : NearestKey.Hint(name, known);
}
