using System.Text.Json.Serialization;

namespace Nosana.Docker.Models;

/// <summary>An OCI runtime of the engine.</summary>
public sealed class Runtime
{
    [JsonPropertyName("path")]
    public string Path { get; set; } = "";

    [JsonPropertyName("runtimeArgs")]
    public IList<string> Args { get; set; } = [];
}
