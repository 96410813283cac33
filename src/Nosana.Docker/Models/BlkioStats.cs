using System.Text.Json.Serialization;

namespace Nosana.Docker.Models;

/// <summary>Block device traffic of a container.</summary>
public sealed class BlkioStats
{
    [JsonPropertyName("io_service_bytes_recursive")]
    public IList<BlkioStatEntry> IoServiceBytesRecursive { get; set; } = [];
}
