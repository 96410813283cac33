using System.Globalization;
using System.Text.Json;
using Nosana.JobDefinition.Documents;
using Nosana.JobDefinition.Model;

namespace Nosana.JobDefinition.Arguments;

/// <summary>Resolved <c>expose</c> in any of its forms as single ports.</summary>
internal static class ExposeReader
{
    private const string DefaultType = "none";
    private const string Allowed = "a port from 1 to 65535, a range such as \"8000-8010\", an object with a port, or a list of these";

    public static IReadOnlyList<ExposedPort> Read(ArgumentNode expose)
    {
        if (expose.IsAbsent || (expose.Kind == JsonValueKind.String && expose.Text() is "")) return [];
        var ports = new List<ExposedPort>();
        var seen = new HashSet<int>();
        foreach (ArgumentNode item in expose.Kind == JsonValueKind.Array ? expose.Items() : [expose])
            foreach (ExposedPort port in One(item))
            {
                if (!seen.Add(port.Port)) throw item.Refuse($"a port that is not exposed already ({port.Port} is)");
                if (seen.Count > DefinitionLimits.MaxExposedPorts) throw item.Refuse($"one of at most {DefinitionLimits.MaxExposedPorts} ports");
                ports.Add(port);
            }
        return ports;
    }

    private static IEnumerable<ExposedPort> One(ArgumentNode item)
    {
        if (item.Kind != JsonValueKind.Object) return Ports(item, DefaultType, []);
        HealthCheck[] checks = [.. item.Member("health_checks").Items().Select(Check)];
        return Ports(item.Member("port"), item.Member("type").Text() ?? DefaultType, checks);
    }

    private static IEnumerable<ExposedPort> Ports(ArgumentNode node, string type, IReadOnlyList<HealthCheck> checks)
    {
        if (node.Kind == JsonValueKind.Number)
        {
            double number = node.Number()!.Value;
            return PortText.IsPort(number) ? [new ExposedPort((int)number, type, checks)] : throw node.Refuse(Allowed);
        }
        if (node.Kind != JsonValueKind.String) throw node.Refuse(Allowed);
        string text = node.Text()!;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int single) && PortText.IsPort(single))
            return [new ExposedPort(single, type, checks)];
        if (!PortText.TryRange(text, out double first, out double last) || first >= last || !PortText.IsPort(first) || !PortText.IsPort(last))
            throw node.Refuse(Allowed);
        // Checks of a range count as passed on the official host; asking every port of it would hold back what runs there.
        return Enumerable.Range((int)first, (int)(last - first) + 1).Select(p => new ExposedPort(p, type, []));
    }

    private static HealthCheck Check(ArgumentNode check) => Kind(check) with
    {
        RestartsOnFailure = check.Member("restart_on_failure").Flag(),
        MaxRestarts = check.Member("max_restarts").Number(),
    };

    private static HealthCheck Kind(ArgumentNode check)
    {
        bool continuous = check.Member("continuous").Flag();
        if (check.Member("type").Text() == "websocket") return new WebSocketHealthCheck(check.Member("expected_response").Text() ?? "", continuous);
        ArgumentNode body = check.Member("body");
        return new HttpHealthCheck(
            check.Member("path").Text() ?? "",
            check.Member("method").RequiredText(),
            check.Member("expected_status").Number() ?? throw check.Refuse("a check with expected_status"),
            check.Member("headers").Map(),
            body.IsAbsent ? null : JsonTree.PlainText(body.Node),
            continuous);
    }
}
