using System.Text.Json.Serialization;

namespace Nosana.Docker.Models;

/// <summary>One sample of a container's use of its machine.</summary>
public sealed class ContainerStatsResponse
{
    [JsonPropertyName("read")]
    public DateTime Read { get; set; }

    [JsonPropertyName("pids_stats")]
    public PidsStats PidsStats { get; set; } = new();

    [JsonPropertyName("cpu_stats")]
    public CPUStats CPUStats { get; set; } = new();

    [JsonPropertyName("memory_stats")]
    public MemoryStats MemoryStats { get; set; } = new();

    [JsonPropertyName("blkio_stats")]
    public BlkioStats BlkioStats { get; set; } = new();

    /// <summary>By interface name.</summary>
    [JsonPropertyName("networks")]
    public IDictionary<string, NetworkStats> Networks { get; set; } = new Dictionary<string, NetworkStats>();
}
