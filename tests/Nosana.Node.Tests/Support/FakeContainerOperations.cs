using Nosana.Docker;
using Docker.DotNet.Models;

namespace Nosana.Node.Tests.Support;

internal sealed class FakeContainerOperations(FakeEngine engine) : IContainerOperations
{
    public Task<IList<ContainerListResponse>> ListContainersAsync(ContainersListParameters parameters, CancellationToken cancellationToken = default) => Answer<IList<ContainerListResponse>>(() =>
        [.. engine.Present.Where(container => FakeEngine.Passes(container.Labels, parameters.Filters) && IsMeant(container, parameters.Filters)).Select(container =>
            new ContainerListResponse { ID = container.Id, Names = ["/" + container.Name], State = container.Status, Labels = container.Labels, Image = container.Request.Image!, ImageID = engine.Shelf.IdOf(container.Request.Image!) ?? "", SizeRw = container.Program.LayerBytes })], cancellationToken);

    public Task<CreateContainerResponse> CreateContainerAsync(CreateContainerParameters parameters, CancellationToken cancellationToken = default) =>
        Answer(() => new CreateContainerResponse { ID = engine.Create(parameters).Id }, cancellationToken);

    public Task<ContainerInspectResponse> InspectContainerAsync(string id, CancellationToken cancellationToken = default) => Answer(() => engine.Find(id).Inspect(), cancellationToken);

    public Task<bool> StartContainerAsync(string id, ContainerStartParameters? parameters = null, CancellationToken cancellationToken = default) => Answer(() =>
    {
        FakeContainer container = engine.Find(id);
        if (container.Program.StartError is { } error) throw error;
        container.Start();
        return true;
    }, cancellationToken);

    public async Task<bool> StopContainerAsync(string id, ContainerStopParameters? parameters = null, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        engine.RequireUp();
        FakeContainer container = engine.Find(id);
        if (container.Program.SlowStop is { } slow) await slow.Task;
        container.Exit(container.Program.StopExitCode);
        return true;
    }

    public async Task RemoveContainerAsync(string id, ContainerRemoveParameters? parameters = null, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        engine.RequireUp();
        engine.Remove(id);
    }

    public async Task<ContainerWaitResponse> WaitContainerAsync(string id, WaitCondition condition = WaitCondition.NotRunning, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        FakeContainer container = engine.Find(id);
        if (container.IsRunning || condition == WaitCondition.NextExit) await container.Ended.WaitAsync(cancellationToken);
        return new ContainerWaitResponse { StatusCode = engine.Find(id).ExitCode };
    }

    public Task<MultiplexedStream> GetContainerLogsAsync(string id, bool tty, ContainerLogsParameters parameters, CancellationToken cancellationToken = default) =>
        Answer(() => engine.Find(id).OpenLogs(parameters), cancellationToken);

    public Task RestartContainerAsync(string id, ContainerRestartParameters? parameters = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task KillContainerAsync(string id, ContainerKillParameters? parameters = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<ContainerUpdateResponse> UpdateContainerAsync(string id, ContainerUpdateParameters parameters, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<ContainerStatsResponse> GetContainerStatsAsync(string id, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<GetArchiveFromContainerResponse> GetArchiveFromContainerAsync(
        string id, GetArchiveFromContainerParameters parameters, bool statOnly = false, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task ExtractArchiveToContainerAsync(string id, CopyToContainerParameters parameters, Stream stream, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    private async Task<T> Answer<T>(Func<T> answer, CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        engine.RequireUp();
        return answer();
    }

    private static bool IsMeant(FakeContainer container, IDictionary<string, IDictionary<string, bool>>? filters) =>
        filters is null || !filters.TryGetValue("id", out IDictionary<string, bool>? ids) || ids.ContainsKey(container.Id);
}
