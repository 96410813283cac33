using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nosana.JobDefinition.Faults;
using Nosana.JobDefinition.Model;
using Nosana.JobDefinition.Placeholders;

namespace Nosana.Node.Market.HostManager;

/// <summary>
/// A remote resource as a market names it: that of a job definition, without a target. It is read as part of one, so that what is checked of
/// a stranger's definition is checked of it, too.
/// </summary>
internal static class RequiredResource
{
    /// <param name="document">JSON, as the service writes it.</param>
    /// <returns>The resource, or what is wrong with it. Nothing of the document's values, which may be secret, is in the words.</returns>
    public static (Resource? Resource, string? Fault) Read(string document)
    {
        JsonNode? parsed;
        try
        {
            parsed = JsonNode.Parse(document, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException)
        {
            return (null, "it is no JSON, or has a key twice"); // the parser's words may hold a value
        }
        if (parsed is not JsonObject entry) return (null, "it is no object");
        entry["target"] ??= "/resource";
        var definition = new JsonObject
        {
            ["version"] = "0.1",
            ["type"] = "container",
            ["ops"] = new JsonArray(new JsonObject
            {
                ["type"] = "container/run",
                ["id"] = "required",
                ["args"] = new JsonObject { ["image"] = "none", ["resources"] = new JsonArray(entry) },
            }),
        };
        ReadDefinition read = JobIntake.Read(Encoding.UTF8.GetBytes(definition.ToJsonString()));
        if (read.Definition is null) return (null, $"{read.Faults[0].Path}: {read.Faults[0].Expected} is expected");
        try
        {
            IReadOnlyList<Resource> resources = PlaceholderResolver.ResolveRun(read.Definition, read.Definition.Ops[0], new PlaceholderScope { Job = "", Host = "" }).Resources;
            return resources.Count == 1 ? (resources[0], null) : (null, "it is no single resource");
        }
        catch (PlaceholderException e)
        {
            return (null, $"{e.Path} cannot be read");
        }
    }
}
