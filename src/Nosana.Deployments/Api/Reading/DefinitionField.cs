using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nosana.JobDefinition;
using Nosana.JobDefinition.Exposure;
using Nosana.JobDefinition.Faults;
using Nosana.JobDefinition.Model;

namespace Nosana.Deployments.Api.Reading;

/// <summary>A job definition within a request.</summary>
internal static class DefinitionField
{
    private const string Root = "$input", Trigger = "deployment-manager";

    /// <summary>Checks it, and says what is wrong by the path of the field.</summary>
    /// <param name="definition">As it was given.</param>
    /// <param name="path">Of the definition in the body; empty when it is the body.</param>
    /// <param name="faults">What is wrong.</param>
    /// <returns>Null when it is no object.</returns>
    public static LoadedDefinition? Check(JsonElement definition, string path, Faults faults)
    {
        if (definition.ValueKind != JsonValueKind.Object)
        {
            faults.Add(path, "object");
            return null;
        }
        LoadedDefinition loaded = DefinitionLoader.Load(JsonSerializer.SerializeToUtf8Bytes(definition));
        foreach (DefinitionFault fault in loaded.Faults) faults.Add(PathOf(fault.Path, path), $"{fault.Expected}: {fault.Message}");
        return loaded;
    }

    /// <summary>What a host is given: the definition with its deployment's id, and who lists it.</summary>
    public static string Complete(JsonElement definition, string deployment)
    {
        JsonObject complete = JsonObject.Create(definition)!;
        complete["deployment_id"] = deployment;
        if (complete["meta"] is not JsonObject meta) complete["meta"] = meta = [];
        meta["trigger"] = Trigger;
        return complete.ToJsonString(ApiJson.Options);
    }

    /// <summary>Whether any operation has a port that can be reached from outside.</summary>
    public static bool Exposes(Definition definition) => definition.Ops.Any(op => Endpoints.StaticPorts(op).Count > 0 || Endpoints.HasDynamicPorts(op));

    /// <summary>The same of one that was checked before.</summary>
    public static bool Exposes(string definition) =>
        DefinitionLoader.Load(Encoding.UTF8.GetBytes(definition)) is { IsValid: true } loaded && Exposes(loaded.Definition);

    // $input.ops[0].args.image is job_definition/ops/0/args/image.
    private static string PathOf(string inDefinition, string path)
    {
        string rest = inDefinition.StartsWith(Root, StringComparison.Ordinal) ? inDefinition[Root.Length..] : "." + inDefinition;
        return (path + rest.Replace("[\"", "/", StringComparison.Ordinal).Replace("\"]", "", StringComparison.Ordinal)
            .Replace('[', '/').Replace("]", "", StringComparison.Ordinal).Replace('.', '/')).TrimStart('/');
    }
}
