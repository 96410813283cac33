using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nosana.JobDefinition.Documents;
using Nosana.JobDefinition.Validation;
using Nosana.JobDefinition.Validation.Rules;

namespace Nosana.JobDefinition.Schema;

/// <summary>
/// The JSON Schema (draft-07) of what union mode accepts, made from the rules themselves, for editors. What a schema cannot say
/// (ids and ports that must differ, circles of dependencies, which end of a range is larger) only the validator finds.
/// </summary>
public static class DefinitionSchema
{
    private const string LiteralPattern = "%%(ops|global).[^%]+%%";
    private const string RangePattern = "[0-9]+-[0-9]+";

    private static readonly JsonWriterOptions s_options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema's text, as it is published in the repository.</summary>
    public static string Text()
    {
        JsonObject root = new()
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "Nosana job definition",
        };
        foreach ((string key, JsonNode? value) in Of(DefinitionRules.Root)) root[key] = value?.DeepClone();
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, s_options)) root.WriteTo(writer);
        return System.Text.Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    private static JsonObject Of(Rule rule) =>
        rule switch
        {
            UnionOnlyRule r => Of(r.Inner),
            TextRule or OperationIdRule or VersionRule => Type("string"),
            NumberRule => Type("number"),
            FlagRule => Type("boolean"),
            AnyRule => [],
            WordRule r => Words(r),
            SpreadTextRule => Pattern(LiteralPattern),
            PortRule r => r.TakesRanges ? AnyOf(Port(), Pattern(RangePattern)) : Port(),
            ListRule r => List(Of(r.Item)),
            SshKeysRule r => List(Of(r.Item)),
            LogTypesRule r => LogTypes(r),
            MapRule r => new JsonObject { ["type"] = "object", ["additionalProperties"] = Of(r.Value) },
            ObjectRule r => Object(r.Shape),
            EitherRule r => AnyOf([.. r.Branches.Distinct().Select(Of)]),
            MetaRule r => Meta(r),
            OperationsRule r => List(Operation((ObjectRule)r.Operation)),
            ExecutionRule r => Object(r.Union),
            ResourceRule r => AnyOf([.. r.Shapes.Select(Object), new JsonObject { ["const"] = "__remove-if-empty__" }]),
            HealthCheckRule r => AnyOf([.. r.Shapes.Select(Object)]),
            ExposeRule r => Expose(r),
            _ => throw new InvalidOperationException($"no schema for {rule.GetType().Name}"),
        };

    private static JsonObject Object(Shape shape) => Object(shape, shape.Fields);

    private static JsonObject Object(Shape shape, IEnumerable<Field> fields)
    {
        var properties = new JsonObject();
        foreach (Field field in fields) properties[field.Name] = Described(field.Name, Of(field.Rule));
        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties };
        JsonNode[] required = [.. shape.Fields.Where(f => f.IsRequired).Select(f => (JsonNode)f.Name)];
        if (required.Length > 0) schema["required"] = new JsonArray(required);
        schema["additionalProperties"] = false;
        return schema;
    }

    private static JsonObject Described(string name, JsonObject schema)
    {
        if (FieldDescriptions.Find(name) is { } description) schema.Insert(0, "description", description);
        return schema;
    }

    /// <summary>The type decides which arguments fit, so there are two kinds of operations.</summary>
    private static JsonObject Operation(ObjectRule operation)
    {
        var args = (ArgumentsRule)operation.Shape.Fields.Single(f => f.Name == "args").Rule;
        return AnyOf(
            Operation(operation.Shape, "container/run", args.Run),
            Operation(operation.Shape, "container/create-volume", args.CreateVolume));
    }

    private static JsonObject Operation(Shape shape, string type, Shape args)
    {
        JsonObject schema = Object(shape, shape.Fields.Where(f => f.Name is not ("type" or "args")));
        var properties = (JsonObject)schema["properties"]!;
        properties.Insert(0, "type", Described("type", new JsonObject { ["const"] = type }));
        properties["args"] = Described("args", Object(args));
        return schema;
    }

    private static JsonObject Meta(MetaRule meta) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            [meta.Trigger.Name] = Described(meta.Trigger.Name, Of(meta.Trigger.Rule)),
            [meta.SystemResources.Name] = Described(meta.SystemResources.Name, Of(meta.SystemResources.Rule)),
            ["system_requirements"] = Described("system_requirements", []),
        },
    };

    private static JsonObject Expose(ExposeRule expose)
    {
        JsonObject[] item = [Port(), Pattern($"({LiteralPattern}|{RangePattern})"), .. expose.Shapes.Select(Object)];
        return AnyOf([.. item.Select(i => (JsonObject)i.DeepClone()), List(AnyOf(item))]);
    }

    private static JsonObject LogTypes(LogTypesRule rule)
    {
        JsonObject list = List(Words(rule.Item));
        list["minItems"] = 1;
        list["uniqueItems"] = true;
        return list;
    }

    private static JsonObject Words(WordRule rule) =>
        rule.Words.Count == 1
            ? new JsonObject { ["const"] = rule.Words[0] }
            : new JsonObject { ["enum"] = new JsonArray([.. rule.Words.Select(w => (JsonNode)w)]) };

    private static JsonObject Port() => new() { ["type"] = "integer", ["minimum"] = PortText.Lowest, ["maximum"] = PortText.Highest };

    private static JsonObject Pattern(string pattern) => new() { ["type"] = "string", ["pattern"] = $"^{pattern}$" };

    private static JsonObject Type(string type) => new() { ["type"] = type };

    private static JsonObject List(JsonObject item) => new() { ["type"] = "array", ["items"] = item };

    private static JsonObject AnyOf(params JsonObject[] branches) =>
        branches.Length == 1 ? branches[0] : new JsonObject { ["anyOf"] = new JsonArray([.. branches]) };
}
