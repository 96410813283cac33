using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Docker.DotNet.Models;

namespace Nosana.Docker.Transport;

/// <summary>The JSON of this assembly's own requests.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AuthConfig))]
[JsonSerializable(typeof(DiskUsage))]
[JsonSerializable(typeof(EngineVersion))]
[JsonSerializable(typeof(ExecCreated))]
[JsonSerializable(typeof(ExecFound))]
[JsonSerializable(typeof(ExecRequest))]
[JsonSerializable(typeof(ExecStart))]
[JsonSerializable(typeof(ImageMessage))]
[JsonSerializable(typeof(PodmanInfo))]
[JsonSerializable(typeof(PodmanRegistry))]
internal sealed partial class EngineJson : JsonSerializerContext
{
    /// <summary>
    /// The same JSON without its nulls. Engines write null for a list, a text or a number that they have none of, each in its own places; what is left
    /// out keeps the value that a model has from the start.
    /// </summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static byte[] WithoutNulls(ReadOnlyMemory<byte> json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        var written = new ArrayBufferWriter<byte>(json.Length + 1);
        using (var writer = new Utf8JsonWriter(written)) Write(document.RootElement, writer);
        return written.WrittenSpan.ToArray();
    }

    /// <summary>An account as <c>X-Registry-Auth</c> has it: base64 in the URL's alphabet, with padding, as Go's <c>base64.URLEncoding</c> wants it.</summary>
    public static string HeaderOf(AuthConfig account) =>
        Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(account, Default.AuthConfig)).Replace('+', '-').Replace('/', '_');

    private static void Write(JsonElement value, Utf8JsonWriter writer)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (JsonProperty property in value.EnumerateObject())
                {
                    if (property.Value.ValueKind == JsonValueKind.Null) continue;
                    writer.WritePropertyName(property.Name);
                    Write(property.Value, writer);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement item in value.EnumerateArray())
                    if (item.ValueKind != JsonValueKind.Null) Write(item, writer);
                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}

/// <summary>The part of <c>GET /system/df</c> that engines of all versions give.</summary>
internal sealed record DiskUsage(IReadOnlyList<MeasuredVolume>? Volumes);

internal sealed record MeasuredVolume(string? Name, Dictionary<string, string>? Labels, UsageData? UsageData);

/// <summary>The part of Podman's own <c>info</c> that says which registries it is configured for.</summary>
internal sealed record PodmanInfo([property: JsonPropertyName("registries")] Dictionary<string, JsonElement>? Registries);

/// <summary>The part of <c>GET /version</c> that the negotiation needs.</summary>
internal sealed record EngineVersion(string? Version, string? ApiVersion, string? MinAPIVersion);

/// <summary><c>POST /containers/{id}/exec</c>: without User, Privileged and the rest, which then are the container's.</summary>
internal sealed record ExecRequest(
    bool AttachStdin, bool AttachStdout, bool AttachStderr, bool Tty, IReadOnlyList<string> Cmd, IReadOnlyList<string> Env);

internal sealed record ExecCreated(string? Id);

/// <summary><c>POST /exec/{id}/start</c>.</summary>
internal sealed record ExecStart(bool Detach, bool Tty);

/// <summary>The part of <c>GET /exec/{id}/json</c> that says whether it has ended.</summary>
internal sealed record ExecFound(bool Running, int? ExitCode);

/// <summary>A line of <c>POST /images/create</c>, with the error that some engines give as a text alone.</summary>
internal sealed class ImageMessage : JSONMessage
{
    [JsonPropertyName("error")]
    public string? ErrorText { get; set; }
}
