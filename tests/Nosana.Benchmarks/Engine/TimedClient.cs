using Nosana.Docker;

namespace Nosana.Benchmarks.Engine;

/// <summary>The engine's client with a clock on its calls to containers and networks.</summary>
internal sealed class TimedClient(IDockerClient inner) : IDockerClient
{
    public CallClock Clock { get; } = new();

    public DockerClientConfiguration Configuration => inner.Configuration;

    public IContainerOperations Containers => field ??= TimedCalls<IContainerOperations>.Over(inner.Containers, Clock);

    public IImageOperations Images => inner.Images;

    public INetworkOperations Networks => field ??= TimedCalls<INetworkOperations>.Over(inner.Networks, Clock);

    public IVolumeOperations Volumes => inner.Volumes;

    public ISystemOperations System => inner.System;

    public IExecOperations Exec => inner.Exec;

    public Task<Version> GetApiVersionAsync(CancellationToken cancellationToken = default) => inner.GetApiVersionAsync(cancellationToken);

    /// <summary>Leaves the client to its owner.</summary>
    public void Dispose()
    {
    }
}
