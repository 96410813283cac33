using System.Text.Json.Serialization;

namespace Nosana.Docker.Models;

/// <summary>Something that happened in the engine.</summary>
public sealed class Message
{
    /// <summary><c>container</c>, <c>image</c>, <c>network</c>, <c>volume</c>, <c>daemon</c>...</summary>
    public string Type { get; set; } = "";

    /// <summary>For example <c>start</c>, <c>die</c>, <c>oom</c>, <c>destroy</c>.</summary>
    public string Action { get; set; } = "";

    public Actor Actor { get; set; } = new();

    [JsonPropertyName("scope")]
    public string Scope { get; set; } = "";

    /// <summary>Unix seconds.</summary>
    [JsonPropertyName("time")]
    public long Time { get; set; }

    /// <summary>Unix nanoseconds.</summary>
    [JsonPropertyName("timeNano")]
    public long TimeNano { get; set; }
}
