using System.Text.Json.Serialization;

namespace Nosana.Docker.Models;

/// <summary>CPU time in nanoseconds.</summary>
public sealed class CPUUsage
{
    [JsonPropertyName("total_usage")]
    public ulong TotalUsage { get; set; }

    [JsonPropertyName("usage_in_kernelmode")]
    public ulong UsageInKernelmode { get; set; }

    [JsonPropertyName("usage_in_usermode")]
    public ulong UsageInUsermode { get; set; }
}
