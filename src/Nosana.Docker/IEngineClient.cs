using Docker.DotNet.Models;

namespace Nosana.Docker;

/// <summary>
/// What the agent asks of an engine, and nothing else: Docker.DotNet sends most of it, this assembly what the library cannot. Every method throws
/// <see cref="DockerUnavailableException"/> when the engine does not answer, <see cref="DockerApiException"/> (or one of its kinds) when it answers with
/// an error, also to a name that would lead its request elsewhere, and <see cref="DockerStreamException"/> when it answers with anything else than it should.
/// Of an answer, no property that the library declares not null is null as far as the agent reads it.
/// </summary>
public interface IEngineClient : IDisposable
{
    Uri Endpoint { get; }

    Task<VersionResponse> GetVersionAsync(CancellationToken cancellationToken = default);

    Task<SystemInfoResponse> GetSystemInfoAsync(CancellationToken cancellationToken = default);

    Task<CreateContainerResponse> CreateContainerAsync(CreateContainerParameters parameters, CancellationToken cancellationToken = default);

    /// <summary>Starts a container; false when it ran already.</summary>
    Task<bool> StartContainerAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Stops a container and returns once it has ended. The library leaves out 0 seconds, which then means the container's own grace.</summary>
    Task StopContainerAsync(string id, long graceSeconds, CancellationToken cancellationToken = default);

    /// <summary>Stops a container and starts it again; returns once it runs.</summary>
    Task RestartContainerAsync(string id, long graceSeconds, CancellationToken cancellationToken = default);

    /// <summary>Waits, without a time limit, until the container meets <paramref name="condition"/>: the library knows no conditions.</summary>
    Task WaitContainerAsync(string id, WaitCondition condition, CancellationToken cancellationToken = default);

    Task<ContainerInspectResponse> InspectContainerAsync(string id, CancellationToken cancellationToken = default);

    Task<IList<ContainerListResponse>> ListContainersAsync(ContainersListParameters parameters, CancellationToken cancellationToken = default);

    Task RemoveContainerAsync(string id, ContainerRemoveParameters parameters, CancellationToken cancellationToken = default);

    /// <summary>Opens the output of a container without a terminal: the library has frames neither whole nor fast.</summary>
    Task<MultiplexedStream> OpenOutputAsync(string id, ContainerLogsParameters parameters, CancellationToken cancellationToken = default);

    /// <summary>
    /// Opens what a container uses, a JSON object a line, about one a second until it ends: the library tells of lines by a callback that cannot wait.
    /// Dispose it.
    /// </summary>
    Task<Stream> OpenStatisticsAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Opens an archive (tar) of what lies at a path in a container. Dispose it.</summary>
    Task<Stream> ReadArchiveAsync(string id, string path, CancellationToken cancellationToken = default);

    /// <summary>Bytes of a file in a container, as its inode says; no file of the container is read. Null when there is none at the path.</summary>
    Task<long?> MeasureFileAsync(string id, string path, CancellationToken cancellationToken = default);

    /// <summary>Unpacks an archive (tar) in a directory of a container.</summary>
    Task ExtractArchiveAsync(string id, string path, Stream archive, CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes, and does not start, a program with a terminal in a running container: the user, the rights and the limits are the container's.
    /// </summary>
    /// <returns>Its id.</returns>
    Task<string> CreateTerminalAsync(string container, TerminalSpec spec, CancellationToken cancellationToken = default);

    /// <summary>
    /// Starts it. What is written into the stream is typed, what is read is what the terminal shows; it ends with the program. That goes on when the stream
    /// is disposed before. The library takes the connection over by a way that this transport has not.
    /// </summary>
    Task<Stream> StartTerminalAsync(string terminal, CancellationToken cancellationToken = default);

    /// <summary>Tells a terminal that was started its size, in characters.</summary>
    Task ResizeTerminalAsync(string terminal, int columns, int rows, CancellationToken cancellationToken = default);

    Task<TerminalState> InspectTerminalAsync(string terminal, CancellationToken cancellationToken = default);

    /// <summary>Pulls an image: the library takes an error in the middle of the answer, and an answer that breaks off, for progress.</summary>
    Task PullImageAsync(string reference, AuthConfig? account, IProgress<JSONMessage>? progress, CancellationToken cancellationToken = default);

    /// <summary>Pulls an image from a registry without TLS, which Podman does by its own API alone.</summary>
    Task PullFromPodmanAsync(string reference, IProgress<JSONMessage>? progress, CancellationToken cancellationToken = default);

    /// <summary>Registries that Podman is configured for (<c>registries.conf</c>), by its own API alone.</summary>
    Task<IReadOnlyList<PodmanRegistry>> GetPodmanRegistriesAsync(CancellationToken cancellationToken = default);

    /// <summary>Makes an image whose files are those of an archive (tar).</summary>
    /// <param name="repository">Its name without a tag.</param>
    /// <param name="tag">Its tag.</param>
    /// <param name="archive">What is in it.</param>
    /// <param name="changes">Lines as in a Dockerfile, for example <c>LABEL a=b</c>.</param>
    /// <param name="cancellationToken">Ends the making.</param>
    Task ImportImageAsync(string repository, string tag, Stream archive, IReadOnlyList<string> changes, CancellationToken cancellationToken = default);

    /// <summary>Gives an image one more name; what had the name before has it no more.</summary>
    Task TagImageAsync(string name, string repository, string tag, CancellationToken cancellationToken = default);

    Task<ImageInspectResponse> InspectImageAsync(string name, CancellationToken cancellationToken = default);

    Task<IList<ImagesListResponse>> ListImagesAsync(CancellationToken cancellationToken = default);

    /// <summary>Removes a reference, and the image with it when it was the last; without a time limit, since a model is a hundred gigabytes of files.</summary>
    Task DeleteImageAsync(string name, ImageDeleteParameters parameters, CancellationToken cancellationToken = default);

    /// <summary>Makes a network; an engine that has one of the name refuses.</summary>
    Task<NetworksCreateResponse> CreateNetworkAsync(NetworksCreateParameters parameters, CancellationToken cancellationToken = default);

    Task<NetworkResponse> InspectNetworkAsync(string id, CancellationToken cancellationToken = default);

    Task<IList<NetworkResponse>> ListNetworksAsync(NetworksListParameters parameters, CancellationToken cancellationToken = default);

    Task DeleteNetworkAsync(string id, CancellationToken cancellationToken = default);

    Task<VolumeResponse> CreateVolumeAsync(VolumesCreateParameters parameters, CancellationToken cancellationToken = default);

    Task<VolumeResponse> InspectVolumeAsync(string name, CancellationToken cancellationToken = default);

    Task<IList<VolumeResponse>> ListVolumesAsync(VolumesListParameters parameters, CancellationToken cancellationToken = default);

    Task RemoveVolumeAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Sizes of all volumes: the library reads them of engines from API 1.52 on alone. The engine counts for it: not to be asked often.</summary>
    Task<IReadOnlyList<VolumeSize>> MeasureVolumesAsync(CancellationToken cancellationToken = default);
}

/// <summary>What <c>POST /containers/{id}/wait</c> waits for.</summary>
public enum WaitCondition
{
    /// <summary>Not running now; answers at once for one that was created and not started.</summary>
    NotRunning,

    /// <summary>The next end, also of a container that has not started yet.</summary>
    NextExit,

    /// <summary>Removed from the engine.</summary>
    Removed,
}

/// <summary>An entry of Podman's <c>registries.conf</c>.</summary>
/// <param name="Prefix">Names that it is for.</param>
/// <param name="Location">Where they are really asked for; empty is at the prefix.</param>
/// <param name="Insecure">Without TLS, where there is none.</param>
/// <param name="Mirrors">Asked before, each with a location alone.</param>
public sealed record PodmanRegistry(string Prefix, string? Location, bool Insecure, IReadOnlyList<PodmanRegistry>? Mirrors);

/// <summary>A volume and how much it holds.</summary>
/// <param name="Name">Unique on the engine; one that an image asks for has a name that the engine drew.</param>
/// <param name="Labels">Those it was made with.</param>
/// <param name="Bytes">What its files take; 0 where the engine does not know.</param>
public sealed record VolumeSize(string Name, IReadOnlyDictionary<string, string> Labels, long Bytes);
