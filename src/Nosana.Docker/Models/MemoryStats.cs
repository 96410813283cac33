using System.Text.Json.Serialization;

namespace Nosana.Docker.Models;

/// <summary>Memory of a container in bytes.</summary>
public sealed class MemoryStats
{
    [JsonPropertyName("usage")]
    public ulong Usage { get; set; }

    [JsonPropertyName("max_usage")]
    public ulong MaxUsage { get; set; }

    [JsonPropertyName("limit")]
    public ulong Limit { get; set; }

    /// <summary>Counters of the cgroup, by their kernel names.</summary>
    [JsonPropertyName("stats")]
    public IDictionary<string, ulong> Stats { get; set; } = new Dictionary<string, ulong>();
}
