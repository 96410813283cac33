using System.Text.Json.Serialization;

namespace Nosana.Docker.Models;

/// <summary>Body of <c>POST /containers/{id}/update</c>; null leaves a limit as it is.</summary>
public sealed class ContainerUpdateParameters
{
    public long? CpuShares { get; set; }

    public long? Memory { get; set; }

    [JsonPropertyName("NanoCpus")]
    public long? NanoCPUs { get; set; }

    public long? CpuPeriod { get; set; }

    public long? CpuQuota { get; set; }

    public string? CpusetCpus { get; set; }

    public long? MemoryReservation { get; set; }

    public long? MemorySwap { get; set; }

    public long? PidsLimit { get; set; }

    public RestartPolicy? RestartPolicy { get; set; }
}
