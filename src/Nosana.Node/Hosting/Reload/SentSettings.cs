using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Nosana.Node.Hosting.Settings;

namespace Nosana.Node.Hosting.Reload;

/// <summary>Flags and variables that a caller's command line has, for the host to read in place of its own.</summary>
internal sealed record SentSettings(IReadOnlyList<SentFlag> Flags, IReadOnlyDictionary<string, string> Environment)
{
    public static SentSettings Of(SettingsSources sources) => new(
        [.. sources.Flags.Select(flag => new SentFlag(flag.Setting.Key, flag.Written, flag.Texts))],
        // No others: nobody else's secrets of that environment are this agent's matter.
        sources.Environment.Where(variable => SettingsTable.All.Any(setting => setting.Variable == variable.Key)).ToDictionary());

    /// <exception cref="JsonException">It is none, or of another version.</exception>
    public static SentSettings Read(JsonNode json) => json.Deserialize(SentSettingsJson.Default.SentSettings) ?? throw new JsonException("null");

    public JsonNode Write() => JsonSerializer.SerializeToNode(this, SentSettingsJson.Default.SentSettings)!;

    /// <exception cref="JsonException">A flag is none of this version.</exception>
    public SettingsSources On(SettingsSources started) => started with { Flags = [.. Flags.Select(flag => flag.Given())], Environment = Environment };
}

/// <param name="Key">The setting's.</param>
/// <param name="Written">As it was typed.</param>
internal sealed record SentFlag(string Key, string Written, IReadOnlyList<string> Texts)
{
    public GivenFlag Given() => new(
        SettingsTable.All.FirstOrDefault(setting => setting.Key == Key) ?? throw new JsonException($"there is no setting '{Key}'"), Written, Texts);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SentSettings))]
internal sealed partial class SentSettingsJson : JsonSerializerContext;
