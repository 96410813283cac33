using System.Net;
using Docker.DotNet.Models;
using Nosana.Docker;

namespace Nosana.Node.Tests.Support;

internal sealed partial class FakeEngine
{
    public override Task<VersionResponse> GetVersionAsync(CancellationToken cancellationToken = default) =>
        Answer(() => new VersionResponse { Version = "20.10.24", APIVersion = "1.41", MinAPIVersion = "1.12" }, cancellationToken);

    public override Task<SystemInfoResponse> GetSystemInfoAsync(CancellationToken cancellationToken = default) =>
        Answer(() => new SystemInfoResponse { DockerRootDir = DataDirectory, Runtimes = new Dictionary<string, RuntimeWithStatus>(), SecurityOptions = [], Warnings = [] }, cancellationToken);

    public override Task<IList<NetworkResponse>> ListNetworksAsync(NetworksListParameters parameters, CancellationToken cancellationToken = default) =>
        AnswerLocked<IList<NetworkResponse>>(NetworksByName, () =>
        [
            .. NetworksByName.Where(network => Passes(network.Value, parameters.Filters))
                .Select(network => new NetworkResponse { ID = network.Key, Name = network.Key, Labels = network.Value }),
        ]);

    public override Task<NetworkResponse> InspectNetworkAsync(string id, CancellationToken cancellationToken = default) => AnswerLocked(NetworksByName, () =>
        NetworksByName.TryGetValue(id, out IDictionary<string, string>? labels)
            ? new NetworkResponse { ID = id, Name = id, Labels = labels }
            : throw new DockerNetworkNotFoundException(HttpStatusCode.NotFound, $"No such network: {id}"));

    public override Task<NetworksCreateResponse> CreateNetworkAsync(NetworksCreateParameters parameters, CancellationToken cancellationToken = default) => AnswerLocked(NetworksByName, () =>
        NetworksByName.TryAdd(parameters.Name, parameters.Labels)
            ? new NetworksCreateResponse { ID = parameters.Name }
            : throw Error(HttpStatusCode.Conflict, $"network with name {parameters.Name} already exists"));

    public override Task DeleteNetworkAsync(string id, CancellationToken cancellationToken = default) => AnswerLocked(NetworksByName, () => NetworksByName.Remove(id));

    public override Task<IList<VolumeResponse>> ListVolumesAsync(VolumesListParameters parameters, CancellationToken cancellationToken = default) =>
        AnswerLocked<IList<VolumeResponse>>(VolumesByName, () =>
            [.. VolumesByName.Where(volume => Passes(volume.Value, parameters.Filters)).Select(volume => new VolumeResponse { Name = volume.Key, Labels = volume.Value })]);

    public override Task<VolumeResponse> CreateVolumeAsync(VolumesCreateParameters parameters, CancellationToken cancellationToken = default) => AnswerLocked(VolumesByName, () =>
    {
        VolumesByName.TryAdd(parameters.Name, parameters.Labels);
        return new VolumeResponse { Name = parameters.Name, Labels = VolumesByName[parameters.Name] };
    });

    public override Task RemoveVolumeAsync(string name, CancellationToken cancellationToken = default) => AnswerLocked(VolumesByName, () => VolumesByName.Remove(name));

    public override Task<IReadOnlyList<VolumeSize>> MeasureVolumesAsync(CancellationToken cancellationToken = default) => AnswerLocked<IReadOnlyList<VolumeSize>>(VolumesByName, () =>
    [
        .. VolumesByName.Select(volume => new VolumeSize(volume.Key, volume.Value.AsReadOnly(), VolumeBytes.GetValueOrDefault(volume.Key))),
        .. Present.SelectMany(container => container.Program.ImageVolumes).Select(volume => new VolumeSize(volume.Key, new Dictionary<string, string>(), volume.Value)),
    ]);

    private Task<T> AnswerLocked<T>(object what, Func<T> answer) => Answer(() =>
    {
        lock (what) return answer();
    }, CancellationToken.None);
}
