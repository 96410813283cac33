using System.Net;
using Docker.DotNet.Models;
using Nosana.Docker;

namespace Nosana.Node.Tests.Support;

internal sealed partial class FakeEngine
{
    public override Task<IList<ContainerListResponse>> ListContainersAsync(ContainersListParameters parameters, CancellationToken cancellationToken = default) =>
        Answer<IList<ContainerListResponse>>(() =>
        [
            .. Present.Where(container => Passes(container.Labels, parameters.Filters) && IsMeant(container, parameters.Filters)).Select(container => new ContainerListResponse
            {
                ID = container.Id,
                Names = ["/" + container.Name],
                State = container.Status,
                Labels = container.Labels,
                Image = container.Request.Image,
                ImageID = Shelf.IdOf(container.Request.Image) ?? "",
                SizeRw = container.Program.LayerBytes,
            }),
        ], cancellationToken);

    public override Task<CreateContainerResponse> CreateContainerAsync(CreateContainerParameters parameters, CancellationToken cancellationToken = default) =>
        Answer(() => new CreateContainerResponse { ID = Create(parameters).Id, Warnings = [] }, cancellationToken);

    public override Task<ContainerInspectResponse> InspectContainerAsync(string id, CancellationToken cancellationToken = default) =>
        Answer(() => Find(id).Inspect(), cancellationToken);

    public override Task<bool> StartContainerAsync(string id, CancellationToken cancellationToken = default) => Answer(() =>
    {
        FakeContainer container = Find(id);
        Starting?.Invoke();
        if (container.Program.StartError is { } error) throw error;
        string network = container.Request.HostConfig!.NetworkMode!;
        lock (NetworksByName)
            if (!NetworksByName.ContainsKey(network)) throw new DockerContainerNotFoundException(HttpStatusCode.NotFound, $"network {network} not found");
        container.Start();
        return true;
    }, cancellationToken);

    public override async Task<Stream> OpenStatisticsAsync(string id, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        RequireUp();
        return Find(id).Statistics.Reader.AsStream();
    }

    public override async Task StopContainerAsync(string id, long graceSeconds, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        RequireUp();
        FakeContainer container = Find(id);
        if (container.Program.SlowStop is { } slow) await slow.Task;
        container.Exit(container.Program.StopExitCode);
    }

    public override async Task RestartContainerAsync(string id, long graceSeconds, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        RequireUp();
        FakeContainer container = Find(id);
        if (container.Program.RestartError is { } error) throw error;
        container.Exit(container.Program.StopExitCode);
        if (container.Program.SlowStop is { } slow) await slow.Task;
        container.Start();
    }

    public override async Task RemoveContainerAsync(string id, ContainerRemoveParameters parameters, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        RequireUp();
        Remove(id);
    }

    public override async Task WaitContainerAsync(string id, WaitCondition condition, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        FakeContainer container = Find(id);
        if (container.IsRunning || condition == WaitCondition.NextExit) await container.Ended.WaitAsync(cancellationToken);
        Find(id);
    }

    public override Task<MultiplexedStream> OpenOutputAsync(string id, ContainerLogsParameters parameters, CancellationToken cancellationToken = default) =>
        Answer(() => Find(id).OpenLogs(parameters), cancellationToken);

    public override Task<long?> MeasureFileAsync(string id, string path, CancellationToken cancellationToken = default) => Answer(() => path switch
    {
        "/etc/hosts" => Find(id).Program.HostsBytes,
        "/etc/hostname" => 0,
        _ => Shells.Contains(path) ? 1 : (long?)null,
    }, cancellationToken);

    private static bool IsMeant(FakeContainer container, IDictionary<string, IDictionary<string, bool>>? filters) =>
        filters is null || !filters.TryGetValue("id", out IDictionary<string, bool>? ids) || ids.ContainsKey(container.Id);
}
