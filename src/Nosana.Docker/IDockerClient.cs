namespace Nosana.Docker;

/// <summary>
/// Client of one Docker Engine. Safe for concurrent use; one instance serves a whole process.
/// Every method throws <see cref="DockerUnavailableException"/> when the engine does not answer and <see cref="DockerApiException"/>
/// (or one of its kinds) when it answers with an error.
/// </summary>
public interface IDockerClient : IDisposable
{
    DockerClientConfiguration Configuration { get; }

    IContainerOperations Containers { get; }

    IImageOperations Images { get; }

    INetworkOperations Networks { get; }

    IVolumeOperations Volumes { get; }

    ISystemOperations System { get; }

    IExecOperations Exec { get; }

    /// <summary>The API version that requests carry: the engine's, and at most the newest this client knows. Asks the engine once.</summary>
    Task<Version> GetApiVersionAsync(CancellationToken cancellationToken = default);
}
