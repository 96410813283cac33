using Nosana.Docker.Models;

namespace Nosana.Docker;

/// <summary>The engine itself.</summary>
public interface ISystemOperations
{
    Task PingAsync(CancellationToken cancellationToken = default);

    Task<VersionResponse> GetVersionAsync(CancellationToken cancellationToken = default);

    Task<SystemInfoResponse> GetSystemInfoAsync(CancellationToken cancellationToken = default);

    /// <summary>Disk used by images, containers and volumes. Has no time limit: the engine may walk every volume.</summary>
    Task<DiskUsageResponse> GetDiskUsageAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Events as they happen, until <see cref="ContainerEventsParameters.Until"/>, cancellation, or the engine's end (then it ends or throws a
    /// <see cref="DockerStreamException"/>). To miss none, ask again with Since = the last event's time.
    /// </summary>
    IAsyncEnumerable<Message> StreamEventsAsync(ContainerEventsParameters parameters, CancellationToken cancellationToken = default);

    /// <summary><see cref="StreamEventsAsync"/> for callers that prefer a callback, called in order.</summary>
    Task MonitorEventsAsync(ContainerEventsParameters parameters, IProgress<Message> progress, CancellationToken cancellationToken = default);
}
