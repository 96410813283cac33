namespace Nosana.Docker.Models;

/// <summary>Answer of <c>GET /volumes</c>.</summary>
public sealed class VolumesListResponse
{
    public IList<VolumeResponse> Volumes { get; set; } = [];

    public IList<string> Warnings { get; set; } = [];
}
