using System.Text.Json.Serialization;

namespace Nosana.Docker.Models;

/// <summary>CPU time of a container.</summary>
public sealed class CPUStats
{
    [JsonPropertyName("cpu_usage")]
    public CPUUsage CPUUsage { get; set; } = new();

    /// <summary>Nanoseconds of all CPUs of the machine.</summary>
    [JsonPropertyName("system_cpu_usage")]
    public ulong SystemUsage { get; set; }

    [JsonPropertyName("online_cpus")]
    public uint OnlineCPUs { get; set; }
}
