using System.Text.Json.Serialization;

namespace Nosana.Docker.Models;

/// <summary>Number of processes of a container.</summary>
public sealed class PidsStats
{
    [JsonPropertyName("current")]
    public ulong Current { get; set; }

    [JsonPropertyName("limit")]
    public ulong Limit { get; set; }
}
