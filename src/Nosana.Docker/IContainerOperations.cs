using Nosana.Docker.Models;

namespace Nosana.Docker;

/// <summary>Containers, by id, prefix of an id, or name. A container that does not exist is a <see cref="DockerContainerNotFoundException"/>.</summary>
public interface IContainerOperations
{
    Task<IList<ContainerListResponse>> ListContainersAsync(ContainersListParameters parameters, CancellationToken cancellationToken = default);

    /// <summary>Creates a container. An image that is not there is a <see cref="DockerImageNotFoundException"/>, a name that is taken a status 409.</summary>
    Task<CreateContainerResponse> CreateContainerAsync(CreateContainerParameters parameters, CancellationToken cancellationToken = default);

    Task<ContainerInspectResponse> InspectContainerAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Starts a container: true when it started, false when it ran already. A command that cannot start is a status 400.</summary>
    Task<bool> StartContainerAsync(string id, ContainerStartParameters? parameters = null, CancellationToken cancellationToken = default);

    /// <summary>Stops a container: true when it stopped, false when it did not run. Has no time limit but the grace it asks for.</summary>
    Task<bool> StopContainerAsync(string id, ContainerStopParameters? parameters = null, CancellationToken cancellationToken = default);

    Task RestartContainerAsync(string id, ContainerRestartParameters? parameters = null, CancellationToken cancellationToken = default);

    /// <summary>Sends a signal. A container that does not run is a status 409.</summary>
    Task KillContainerAsync(string id, ContainerKillParameters? parameters = null, CancellationToken cancellationToken = default);

    Task RemoveContainerAsync(string id, ContainerRemoveParameters? parameters = null, CancellationToken cancellationToken = default);

    /// <summary>Waits, without a time limit, until the container meets <paramref name="condition"/>. An engine that goes away meanwhile is a <see cref="DockerStreamException"/>.</summary>
    Task<ContainerWaitResponse> WaitContainerAsync(string id, WaitCondition condition = WaitCondition.NotRunning, CancellationToken cancellationToken = default);

    /// <summary>
    /// Opens the container's output; dispose the stream to close its connection.
    /// <paramref name="tty"/> must say whether the container has a terminal (<see cref="ContainerConfig.Tty"/>): then the engine sends no frames.
    /// </summary>
    Task<MultiplexedStream> GetContainerLogsAsync(string id, bool tty, ContainerLogsParameters parameters, CancellationToken cancellationToken = default);

    Task<ContainerUpdateResponse> UpdateContainerAsync(string id, ContainerUpdateParameters parameters, CancellationToken cancellationToken = default);

    /// <summary>One sample, at once (no second one to compare with).</summary>
    Task<ContainerStatsResponse> GetContainerStatsAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>A path of the container as a tar stream, or with <paramref name="statOnly"/> just what it is. A path that does not exist is a status 404.</summary>
    Task<GetArchiveFromContainerResponse> GetArchiveFromContainerAsync(
        string id, GetArchiveFromContainerParameters parameters, bool statOnly = false, CancellationToken cancellationToken = default);

    /// <summary>Unpacks a tar stream into a directory of the container, running or not.</summary>
    Task ExtractArchiveToContainerAsync(string id, CopyToContainerParameters parameters, Stream stream, CancellationToken cancellationToken = default);
}
