using System.Text.Json;
using System.Text.Json.Nodes;
using Nosana.JobDefinition.Arguments;
using Nosana.JobDefinition.Documents;
using Nosana.JobDefinition.Model;

namespace Nosana.JobDefinition.Exposure;

/// <summary>The ports of an operation as far as they are known before its placeholders are resolved.</summary>
public static class Endpoints
{
    /// <summary>
    /// Ports written as numbers, ranges (expanded) and objects, in order; literals and spreads are left out.
    /// Empty for an operation that exposes nothing yet.
    /// </summary>
    public static IReadOnlyList<ExposedPort> StaticPorts(Operation op)
    {
        if (op.Type != OperationType.ContainerRun || !op.Args.Element.TryGetProperty("expose", out JsonElement expose)) return [];
        var known = new JsonArray();
        if (expose.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in expose.EnumerateArray())
                if (IsStatic(item)) known.Add(JsonTree.ToNode(item));
        }
        else if (IsStatic(expose)) known.Add(JsonTree.ToNode(expose));
        return ExposeReader.Read(new ArgumentNode(known, $"{op.Path}.args.expose"));
    }

    /// <summary>Some ports will only be known once literals are resolved.</summary>
    public static bool HasDynamicPorts(Operation op)
    {
        if (op.Type != OperationType.ContainerRun || !op.Args.Element.TryGetProperty("expose", out JsonElement expose)) return false;
        return expose.ValueKind == JsonValueKind.Array ? expose.EnumerateArray().Any(item => !IsStatic(item)) : !IsStatic(expose);
    }

    private static bool IsStatic(JsonElement item) =>
        item.ValueKind switch
        {
            JsonValueKind.String => !LiteralText.IsLiteral(item.GetString()),
            JsonValueKind.Object => !item.TryGetProperty("__spread__", out _),
            _ => true,
        };
}
