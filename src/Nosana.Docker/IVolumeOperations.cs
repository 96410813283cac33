using Nosana.Docker.Models;

namespace Nosana.Docker;

/// <summary>Volumes, by name. One that does not exist is a <see cref="DockerVolumeNotFoundException"/>.</summary>
public interface IVolumeOperations
{
    Task<VolumesListResponse> ListAsync(VolumesListParameters? parameters = null, CancellationToken cancellationToken = default);

    Task<VolumeResponse> CreateAsync(VolumesCreateParameters parameters, CancellationToken cancellationToken = default);

    Task<VolumeResponse> InspectAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Removes a volume. One in use is a status 409, also with <paramref name="force"/>.</summary>
    Task RemoveAsync(string name, bool? force = null, CancellationToken cancellationToken = default);
}
