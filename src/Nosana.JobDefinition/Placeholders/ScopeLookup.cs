using System.Globalization;
using Nosana.JobDefinition.Results;

namespace Nosana.JobDefinition.Placeholders;

/// <summary>Values of literals in a scope: one text, or a list of texts.</summary>
internal static class ScopeLookup
{
    private const string Variables = "variables.";
    private const string Results = "results.";
    private const string Endpoint = "endpoint.";

    /// <summary>The value, or null when there is none.</summary>
    public static ResultValue? Find(PlaceholderScope scope, Literal literal)
    {
        if (literal.OpId is null) return Text(Global(scope, literal.Key));
        if (scope.Ops.TryGetValue(literal.OpId, out OperationValues? op)) return OfOperation(op, literal.Key);
        // The official host keeps variables in the same store as operations; definitions may have come to rely on it.
        return literal.OpId == "variables" ? Text(scope.Variables.GetValueOrDefault(literal.Key)) : null;
    }

    private static string? Global(PlaceholderScope scope, string key) =>
        key switch
        {
            "job" => scope.Job,
            "host" => scope.Host,
            "project" => scope.Project,
            "frps_address" => scope.FrpsAddress,
            "version" => scope.Version,
            _ => key.StartsWith(Variables, StringComparison.Ordinal) ? scope.Variables.GetValueOrDefault(key[Variables.Length..]) : null,
        };

    private static ResultValue? OfOperation(OperationValues op, string path)
    {
        if (path == "host") return Text(op.Host);
        if (path == "deployment_endpoint") return Text(op.DeploymentEndpoint);
        if (path == "container_ip") return Text(op.ContainerIp);
        if (path.StartsWith(Endpoint, StringComparison.Ordinal)) return Text(op.Endpoints.GetValueOrDefault(path[Endpoint.Length..]));
        return path.StartsWith(Results, StringComparison.Ordinal) && op.Results is not null ? Result(op.Results, path[Results.Length..]) : null;
    }

    /// <summary>A whole result, or one item of it by its number.</summary>
    private static ResultValue? Result(IReadOnlyDictionary<string, ResultValue> results, string key)
    {
        if (results.TryGetValue(key, out ResultValue? whole)) return whole;
        int dot = key.LastIndexOf('.');
        if (dot < 0
            || !results.TryGetValue(key[..dot], out ResultValue? list)
            || list.Items is null
            || !int.TryParse(key.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            || index >= list.Items.Count)
            return null;
        return Text(list.Items[index]);
    }

    /// <summary>An empty text counts as none, as on the official host.</summary>
    private static ResultValue? Text(string? text) => string.IsNullOrEmpty(text) ? null : ResultValue.Single(text);
}
