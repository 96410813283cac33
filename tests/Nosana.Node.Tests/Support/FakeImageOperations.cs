using System.Net;
using Nosana.Docker;
using Nosana.Docker.Models;

namespace Nosana.Node.Tests.Support;

internal sealed class FakeImageOperations(FakeEngine engine) : IImageOperations
{
    public async Task<ImageInspectResponse> InspectImageAsync(string name, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        engine.RequireUp();
        lock (engine.PresentImages)
            return engine.PresentImages.Contains(name)
                ? new ImageInspectResponse { ID = "sha256:id", RepoDigests = [$"{name}@sha256:digest"] }
                : throw new DockerImageNotFoundException(HttpStatusCode.NotFound, $"No such image: {name}");
    }

    public async Task CreateImageAsync(ImagesCreateParameters parameters, AuthConfig? authConfig, IProgress<JSONMessage>? progress, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        engine.RequireUp();
        if (engine.SlowPull is { } slow) await slow.Task.WaitAsync(cancellationToken);
        if (engine.MissingImages.Any(missing => parameters.FromImage!.Contains(missing, StringComparison.Ordinal)))
            throw FakeEngine.Error(HttpStatusCode.NotFound, $"manifest for {parameters.FromImage} not found: manifest unknown: manifest unknown");
        lock (engine.PresentImages) engine.PresentImages.Add(parameters.FromImage!);
    }

    public Task<IList<ImagesListResponse>> ListImagesAsync(ImagesListParameters parameters, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task CreateImageAsync(
        ImagesCreateParameters parameters, Stream imageStream, AuthConfig? authConfig, IProgress<JSONMessage>? progress, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task PushImageAsync(string name, ImagePushParameters parameters, AuthConfig? authConfig, IProgress<JSONMessage>? progress, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task TagImageAsync(string name, ImageTagParameters parameters, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<IList<ImageDeleteResponse>> DeleteImageAsync(string name, ImageDeleteParameters? parameters = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
