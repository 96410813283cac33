using System.Net;
using Nosana.Docker;
using Docker.DotNet.Models;

namespace Nosana.Node.Tests.Engine;

/// <summary>An engine that has images and pulls them as a test says.</summary>
internal sealed class FakeImages : IEngineClient, IImageOperations
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _present = [];

    public List<(string Reference, string? User)> Pulls { get; } = [];

    public int Inspections { get; private set; }

    /// <summary>What a pull does, by its number from 1; the image is there when it returns.</summary>
    public Func<int, IProgress<JSONMessage>?, CancellationToken, Task> Pull { get; set; } = (_, _, _) => Task.CompletedTask;

    public IImageOperations Images => this;

    public DockerClientConfiguration Configuration => throw new NotSupportedException();

    public IContainerOperations Containers => throw new NotSupportedException();

    public INetworkOperations Networks => throw new NotSupportedException();

    public IVolumeOperations Volumes => throw new NotSupportedException();

    public ISystemOperations System => throw new NotSupportedException();

    public IExecOperations Exec => throw new NotSupportedException();

    public void Add(string reference)
    {
        lock (_lock) _present.Add(reference);
    }

    public async Task CreateImageAsync(ImagesCreateParameters parameters, AuthConfig? authConfig, IProgress<JSONMessage>? progress, CancellationToken cancellationToken = default)
    {
        int number;
        lock (_lock)
        {
            Pulls.Add((parameters.FromImage!, authConfig?.Username));
            number = Pulls.Count;
        }
        await Pull(number, progress, cancellationToken);
        Add(parameters.FromImage!);
    }

    public Task<ImageInspectResponse> InspectImageAsync(string name, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            Inspections++;
            return _present.Contains(name)
                ? Task.FromResult(new ImageInspectResponse { ID = "sha256:id", RepoDigests = [$"{name}@sha256:digest"] })
                : throw new DockerImageNotFoundException(HttpStatusCode.NotFound, $"No such image: {name}");
        }
    }

    public void Dispose()
    {
    }

    public Task<Version> GetApiVersionAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<IList<ImagesListResponse>> ListImagesAsync(ImagesListParameters parameters, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task CreateImageAsync(
        ImagesCreateParameters parameters, Stream imageStream, AuthConfig? authConfig, IProgress<JSONMessage>? progress, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task PushImageAsync(string name, ImagePushParameters parameters, AuthConfig? authConfig, IProgress<JSONMessage>? progress, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task TagImageAsync(string name, ImageTagParameters parameters, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<IList<ImageDeleteResponse>> DeleteImageAsync(string name, ImageDeleteParameters? parameters = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();
}
