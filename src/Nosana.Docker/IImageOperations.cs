using Nosana.Docker.Models;

namespace Nosana.Docker;

/// <summary>Images, by id or reference. An image that does not exist is a <see cref="DockerImageNotFoundException"/>.</summary>
public interface IImageOperations
{
    Task<IList<ImagesListResponse>> ListImagesAsync(ImagesListParameters parameters, CancellationToken cancellationToken = default);

    /// <summary>
    /// Pulls an image; progress is reported in order, on the calling task. No time limit. An error that the engine reports in the middle of its
    /// answer is thrown like any other: not found as <see cref="DockerImageNotFoundException"/>, the rest as <see cref="DockerApiException"/>.
    /// </summary>
    Task CreateImageAsync(ImagesCreateParameters parameters, AuthConfig? authConfig, IProgress<JSONMessage>? progress, CancellationToken cancellationToken = default);

    /// <summary>Imports a tar stream (a root file system) as an image; set FromSrc to <c>-</c>.</summary>
    Task CreateImageAsync(
        ImagesCreateParameters parameters, Stream imageStream, AuthConfig? authConfig, IProgress<JSONMessage>? progress, CancellationToken cancellationToken = default);

    Task PushImageAsync(string name, ImagePushParameters parameters, AuthConfig? authConfig, IProgress<JSONMessage>? progress, CancellationToken cancellationToken = default);

    Task<ImageInspectResponse> InspectImageAsync(string name, CancellationToken cancellationToken = default);

    Task TagImageAsync(string name, ImageTagParameters parameters, CancellationToken cancellationToken = default);

    /// <summary>Removes a reference, and the image when it was its last. An image in use is a status 409.</summary>
    Task<IList<ImageDeleteResponse>> DeleteImageAsync(string name, ImageDeleteParameters? parameters = null, CancellationToken cancellationToken = default);
}
