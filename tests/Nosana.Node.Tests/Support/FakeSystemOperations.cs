using Nosana.Docker;
using Docker.DotNet.Models;

namespace Nosana.Node.Tests.Support;

internal sealed class FakeSystemOperations(FakeEngine engine) : ISystemOperations
{
    public async Task<VersionResponse> GetVersionAsync(CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        engine.RequireUp();
        return new VersionResponse { Version = "20.10.24", APIVersion = "1.41", MinAPIVersion = "1.12" };
    }

    public async Task<SystemInfoResponse> GetSystemInfoAsync(CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        engine.RequireUp();
        return new SystemInfoResponse { DockerRootDir = engine.DataDirectory };
    }

    public Task PingAsync(CancellationToken cancellationToken = default) => GetVersionAsync(cancellationToken);

    public Task<DiskUsageResponse> GetDiskUsageAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public IAsyncEnumerable<Message> StreamEventsAsync(ContainerEventsParameters parameters, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task MonitorEventsAsync(ContainerEventsParameters parameters, IProgress<Message> progress, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
