using System.Text.Json.Nodes;
using Nosana.JobDefinition.Results;

namespace Nosana.Node.Jobs.State;

/// <summary>An operation's extracted results, between their JSON in the flow state and the values placeholders ask for.</summary>
internal static class OpResults
{
    public static JsonObject Write(IEnumerable<KeyValuePair<string, ResultValue>> results) =>
        new(results.Select(result => KeyValuePair.Create<string, JsonNode?>(
            result.Key, result.Value.Items is { } items ? new JsonArray([.. items.Select(item => (JsonNode?)item)]) : result.Value.Text)));

    public static IReadOnlyDictionary<string, ResultValue>? Read(JsonObject? results) => results?.ToDictionary(
        entry => entry.Key,
        entry => entry.Value is JsonArray items
            ? ResultValue.List([.. items.Select(item => item?.GetValue<string>())])
            : ResultValue.Single(entry.Value?.GetValue<string>() ?? ""));
}
