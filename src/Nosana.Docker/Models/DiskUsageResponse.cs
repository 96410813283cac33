namespace Nosana.Docker.Models;

/// <summary>Answer of <c>GET /system/df</c>.</summary>
public sealed class DiskUsageResponse
{
    /// <summary>Bytes of all image layers, shared ones once.</summary>
    public long LayersSize { get; set; }

    public IList<ImagesListResponse> Images { get; set; } = [];

    public IList<ContainerListResponse> Containers { get; set; } = [];

    public IList<VolumeResponse> Volumes { get; set; } = [];
}
