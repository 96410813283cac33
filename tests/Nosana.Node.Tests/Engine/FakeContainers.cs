using Nosana.Docker;
using Docker.DotNet.Models;

namespace Nosana.Node.Tests.Engine;

/// <summary>An engine with one container, whose waits and inspections go as a test says.</summary>
internal sealed class FakeContainers : IEngineClient, IContainerOperations
{
    public Queue<Func<ContainerWaitResponse>> Waits { get; } = new();

    public Queue<Func<ContainerState>> Inspections { get; } = new();

    public List<WaitCondition> Conditions { get; } = [];

    /// <summary>The container's restart policy.</summary>
    public string Policy { get; set; } = "no";

    /// <summary>Stops that find no engine before one does.</summary>
    public int FailingStops { get; set; }

    public IContainerOperations Containers => this;

    public DockerClientConfiguration Configuration => throw new NotSupportedException();

    public IImageOperations Images => throw new NotSupportedException();

    public INetworkOperations Networks => throw new NotSupportedException();

    public IVolumeOperations Volumes => throw new NotSupportedException();

    public ISystemOperations System => throw new NotSupportedException();

    public IExecOperations Exec => throw new NotSupportedException();

    public async Task<ContainerWaitResponse> WaitContainerAsync(string id, WaitCondition condition = WaitCondition.NotRunning, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        Conditions.Add(condition);
        return Waits.Dequeue()();
    }

    public async Task<ContainerInspectResponse> InspectContainerAsync(string id, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        return new ContainerInspectResponse { ID = id, State = Inspections.Dequeue()(), HostConfig = new HostConfig { RestartPolicy = new RestartPolicy { Name = Policy } } };
    }

    public void Dispose()
    {
    }

    public Task<Version> GetApiVersionAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<IList<ContainerListResponse>> ListContainersAsync(ContainersListParameters parameters, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<CreateContainerResponse> CreateContainerAsync(CreateContainerParameters parameters, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<bool> StartContainerAsync(string id, ContainerStartParameters? parameters = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public async Task<bool> StopContainerAsync(string id, ContainerStopParameters? parameters = null, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        return --FailingStops < 0 ? true : throw new DockerUnavailableException(new Uri("unix:///x.sock"), "does not answer", "Start it");
    }

    public Task RestartContainerAsync(string id, ContainerRestartParameters? parameters = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task KillContainerAsync(string id, ContainerKillParameters? parameters = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task RemoveContainerAsync(string id, ContainerRemoveParameters? parameters = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<MultiplexedStream> GetContainerLogsAsync(string id, bool tty, ContainerLogsParameters parameters, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<ContainerUpdateResponse> UpdateContainerAsync(string id, ContainerUpdateParameters parameters, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<ContainerStatsResponse> GetContainerStatsAsync(string id, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<GetArchiveFromContainerResponse> GetArchiveFromContainerAsync(
        string id, GetArchiveFromContainerParameters parameters, bool statOnly = false, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task ExtractArchiveToContainerAsync(string id, CopyToContainerParameters parameters, Stream stream, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
