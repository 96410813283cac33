namespace Nosana.Docker;

/// <inheritdoc cref="IDockerClient"/>
public sealed class DockerClient : IDockerClient
{
    internal DockerClient(DockerClientConfiguration configuration, Version? requestedApiVersion)
    {
        Configuration = configuration;
        _ = requestedApiVersion;
    }

    /// <inheritdoc/>
    public DockerClientConfiguration Configuration { get; }

    /// <inheritdoc/>
    public IContainerOperations Containers => throw new NotImplementedException();

    /// <inheritdoc/>
    public IImageOperations Images => throw new NotImplementedException();

    /// <inheritdoc/>
    public INetworkOperations Networks => throw new NotImplementedException();

    /// <inheritdoc/>
    public IVolumeOperations Volumes => throw new NotImplementedException();

    /// <inheritdoc/>
    public ISystemOperations System => throw new NotImplementedException();

    /// <inheritdoc/>
    public IExecOperations Exec => throw new NotImplementedException();

    /// <inheritdoc/>
    public Task<Version> GetApiVersionAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    public void Dispose()
    {
    }
}
