using Nosana.Docker.Models;

namespace Nosana.Docker;

/// <summary>Further commands in running containers. Output only: standard input is not attached.</summary>
public interface IExecOperations
{
    Task<ContainerExecCreateResponse> ExecCreateContainerAsync(string id, ContainerExecCreateParameters parameters, CancellationToken cancellationToken = default);

    /// <summary>Starts the command and opens its output; <paramref name="tty"/> as it was created.</summary>
    Task<MultiplexedStream> StartAndAttachContainerExecAsync(string id, bool tty, CancellationToken cancellationToken = default);

    /// <summary>Starts the command and does not wait for it.</summary>
    Task StartContainerExecAsync(string id, CancellationToken cancellationToken = default);

    Task<ContainerExecInspectResponse> InspectContainerExecAsync(string id, CancellationToken cancellationToken = default);
}
