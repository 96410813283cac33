using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nosana.JobDefinition.Faults;
using Nosana.JobDefinition.Model;
using Nosana.JobDefinition.Placeholders;

namespace Nosana.JobDefinition;

/// <summary>
/// A remote resource on its own, as a market names it: that of a job definition, without a target. It is loaded as part of one, so that
/// what is checked of a stranger's definition is checked of it, too.
/// </summary>
public static class ResourceLoader
{
    /// <param name="document">JSON, as the service writes it.</param>
    /// <returns>The resource, or what is wrong with it. Nothing of the document's values, which may be secret, is in the words.</returns>
    public static (Resource? Resource, string? Fault) Load(string document)
    {
        JsonNode? parsed;
        try
        {
            parsed = JsonNode.Parse(document, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException)
        {
            return (null, "it is not JSON, or has a key twice"); // the parser's words may hold a value
        }
        if (parsed is not JsonObject entry) return (null, "it is not an object");
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
        LoadedDefinition loaded = DefinitionLoader.Load(Encoding.UTF8.GetBytes(definition.ToJsonString()));
        if (!loaded.CanRun) return (null, $"{loaded.Faults[0].Path}: {loaded.Faults[0].Expected} is expected");
        try
        {
            var scope = new PlaceholderScope { Job = "", Host = "" };
            IReadOnlyList<Resource> resources = PlaceholderResolver.ResolveRun(loaded.Definition, loaded.Definition.Ops[0], scope).Resources;
            return resources.Count == 1 ? (resources[0], null) : (null, "it is not one resource");
        }
        catch (PlaceholderException e)
        {
            return (null, $"{e.Path} cannot be read");
        }
    }
}
