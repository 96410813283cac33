using System.Text.Json.Serialization;

namespace Nosana.Docker.Models;

/// <summary>One counter of one block device.</summary>
public sealed class BlkioStatEntry
{
    [JsonPropertyName("major")]
    public ulong Major { get; set; }

    [JsonPropertyName("minor")]
    public ulong Minor { get; set; }

    /// <summary><c>Read</c> or <c>Write</c>, in either case.</summary>
    [JsonPropertyName("op")]
    public string Op { get; set; } = "";

    [JsonPropertyName("value")]
    public ulong Value { get; set; }
}
