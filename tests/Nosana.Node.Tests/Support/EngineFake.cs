using Docker.DotNet.Models;
using Nosana.Docker;

namespace Nosana.Node.Tests.Support;

/// <summary>An engine that can do nothing: what a test's engine can, it overrides.</summary>
internal abstract class EngineFake : IEngineClient
{
    public Uri Endpoint { get; } = new("unix:///fake.sock");

    public virtual Task<VersionResponse> GetVersionAsync(CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task<SystemInfoResponse> GetSystemInfoAsync(CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task<CreateContainerResponse> CreateContainerAsync(CreateContainerParameters parameters, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task<bool> StartContainerAsync(string id, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task StopContainerAsync(string id, long graceSeconds, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task RestartContainerAsync(string id, long graceSeconds, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task WaitContainerAsync(string id, WaitCondition condition, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task<ContainerInspectResponse> InspectContainerAsync(string id, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task<IList<ContainerListResponse>> ListContainersAsync(ContainersListParameters parameters, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task RemoveContainerAsync(string id, ContainerRemoveParameters parameters, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task<MultiplexedStream> OpenOutputAsync(string id, ContainerLogsParameters parameters, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task<Stream> OpenStatisticsAsync(string id, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task<Stream> ReadArchiveAsync(string id, string path, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task<long?> MeasureFileAsync(string id, string path, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task ExtractArchiveAsync(string id, string path, Stream archive, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task<string> CreateTerminalAsync(string container, TerminalSpec spec, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task<Stream> StartTerminalAsync(string terminal, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task ResizeTerminalAsync(string terminal, int columns, int rows, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task<TerminalState> InspectTerminalAsync(string terminal, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task PullImageAsync(string reference, AuthConfig? account, IProgress<JSONMessage>? progress, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task PullFromPodmanAsync(string reference, IProgress<JSONMessage>? progress, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task<IReadOnlyList<PodmanRegistry>> GetPodmanRegistriesAsync(CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task ImportImageAsync(string repository, string tag, Stream archive, IReadOnlyList<string> changes, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task TagImageAsync(string name, string repository, string tag, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task<ImageInspectResponse> InspectImageAsync(string name, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task<IList<ImagesListResponse>> ListImagesAsync(CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task DeleteImageAsync(string name, ImageDeleteParameters parameters, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task<NetworksCreateResponse> CreateNetworkAsync(NetworksCreateParameters parameters, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task<NetworkResponse> InspectNetworkAsync(string id, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task<IList<NetworkResponse>> ListNetworksAsync(NetworksListParameters parameters, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task DeleteNetworkAsync(string id, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task<VolumeResponse> CreateVolumeAsync(VolumesCreateParameters parameters, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task<VolumeResponse> InspectVolumeAsync(string name, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task<IList<VolumeResponse>> ListVolumesAsync(VolumesListParameters parameters, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task RemoveVolumeAsync(string name, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task<IReadOnlyList<VolumeSize>> MeasureVolumesAsync(CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public void Dispose()
    {
    }
}
