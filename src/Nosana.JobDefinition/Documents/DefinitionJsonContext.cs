using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Nosana.JobDefinition.Documents;

/// <summary>Compiled serializers; nothing here is looked up by reflection.</summary>
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(JsonNode))]
internal sealed partial class DefinitionJsonContext : JsonSerializerContext;
