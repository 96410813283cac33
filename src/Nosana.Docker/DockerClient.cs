using Nosana.Docker.Operations;
using Nosana.Docker.Transport;

namespace Nosana.Docker;

/// <inheritdoc cref="IDockerClient"/>
public sealed class DockerClient : IDockerClient
{
    private readonly EngineTransport _transport;

    internal DockerClient(DockerClientConfiguration configuration, Version? requestedApiVersion)
    {
        Configuration = configuration;
        _transport = new EngineTransport(configuration, requestedApiVersion);
        Containers = new ContainerOperations(_transport);
        Images = new ImageOperations(_transport);
        Networks = new NetworkOperations(_transport);
        Volumes = new VolumeOperations(_transport);
        System = new SystemOperations(_transport);
        Exec = new ExecOperations(_transport);
    }

    public DockerClientConfiguration Configuration { get; }

    public IContainerOperations Containers { get; }

    public IImageOperations Images { get; }

    public INetworkOperations Networks { get; }

    public IVolumeOperations Volumes { get; }

    public ISystemOperations System { get; }

    public IExecOperations Exec { get; }

    /// <inheritdoc/>
    public Task<Version> GetApiVersionAsync(CancellationToken cancellationToken = default) => _transport.GetApiVersionAsync(cancellationToken);

    public void Dispose() => _transport.Dispose();
}
