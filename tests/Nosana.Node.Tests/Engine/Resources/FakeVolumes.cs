using System.Formats.Tar;
using System.Net;
using Nosana.Docker;
using Docker.DotNet.Models;

namespace Nosana.Node.Tests.Engine.Resources;

/// <summary>An engine that has volumes, and helpers that fill them with archives.</summary>
internal sealed class FakeVolumes : IEngineClient, IVolumeOperations, IContainerOperations, IImageOperations
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Mount> _helpers = [];
    private bool _hasImage;
    private int _next;

    /// <summary>Name to files.</summary>
    public Dictionary<string, Dictionary<string, string>> Volumes { get; } = [];

    public Dictionary<string, IDictionary<string, string>> Labels { get; } = [];

    /// <summary>Volumes that a container has.</summary>
    public HashSet<string> Used { get; } = [];

    public int Helpers
    {
        get { lock (_lock) return _helpers.Count; }
    }

    public DockerClientConfiguration Configuration => throw new NotSupportedException();

    public IContainerOperations Containers => this;

    public IImageOperations Images => this;

    public INetworkOperations Networks => throw new NotSupportedException();

    IVolumeOperations IEngineClient.Volumes => this;

    public ISystemOperations System => throw new NotSupportedException();

    public IExecOperations Exec => throw new NotSupportedException();

    public Task<VolumeResponse> CreateAsync(VolumesCreateParameters parameters, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            Volumes.Add(parameters.Name!, []);
            Labels[parameters.Name!] = parameters.Labels!;
        }
        return Task.FromResult(new VolumeResponse { Name = parameters.Name! });
    }

    public Task<VolumeResponse> InspectAsync(string name, CancellationToken cancellationToken = default)
    {
        lock (_lock) return Volumes.ContainsKey(name) ? Task.FromResult(new VolumeResponse { Name = name }) : throw new DockerVolumeNotFoundException(HttpStatusCode.NotFound, "no such volume");
    }

    public Task RemoveAsync(string name, bool? force = null, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (Used.Contains(name)) throw new DockerApiException(HttpStatusCode.Conflict, "volume is in use");
            return Volumes.Remove(name) ? Task.CompletedTask : throw new DockerVolumeNotFoundException(HttpStatusCode.NotFound, "no such volume");
        }
    }

    public Task<VolumesListResponse> ListAsync(VolumesListParameters? parameters = null, CancellationToken cancellationToken = default)
    {
        lock (_lock) return Task.FromResult(new VolumesListResponse { Volumes = [.. Volumes.Keys.Select(name => new VolumeResponse { Name = name, Labels = Labels[name] })] });
    }

    public Task<CreateContainerResponse> CreateContainerAsync(CreateContainerParameters parameters, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            string id = $"helper{_next++}";
            _helpers.Add(id, parameters.HostConfig!.Mounts!.Single());
            return Task.FromResult(new CreateContainerResponse { ID = id });
        }
    }

    public Task RemoveContainerAsync(string id, ContainerRemoveParameters? parameters = null, CancellationToken cancellationToken = default)
    {
        lock (_lock) Assert.True(_helpers.Remove(id));
        return Task.CompletedTask;
    }

    public async Task ExtractArchiveToContainerAsync(string id, CopyToContainerParameters parameters, Stream stream, CancellationToken cancellationToken = default)
    {
        Mount mount;
        lock (_lock) mount = _helpers[id];
        Assert.Equal(mount.Target, parameters.Path);
        await using var tar = new TarReader(stream);
        while (await tar.GetNextEntryAsync(copyData: true, cancellationToken) is { } entry)
        {
            if (entry.EntryType == TarEntryType.Directory) continue;
            using var content = new StreamReader(entry.DataStream ?? Stream.Null);
            string text = await content.ReadToEndAsync(cancellationToken);
            lock (_lock) Volumes[mount.Source!].Add(entry.Name, text);
        }
    }

    public Task<IList<ContainerListResponse>> ListContainersAsync(ContainersListParameters parameters, CancellationToken cancellationToken = default) => Task.FromResult<IList<ContainerListResponse>>([]);

    public Task<ImageInspectResponse> InspectImageAsync(string name, CancellationToken cancellationToken = default) =>
        _hasImage ? Task.FromResult(new ImageInspectResponse()) : throw new DockerImageNotFoundException(HttpStatusCode.NotFound, "no such image");

    public Task CreateImageAsync(ImagesCreateParameters parameters, Stream imageStream, AuthConfig? authConfig, IProgress<JSONMessage>? progress, CancellationToken cancellationToken = default)
    {
        Assert.Equal("-", parameters.FromSrc);
        _hasImage = true;
        return Task.CompletedTask;
    }

    public Task<Version> GetApiVersionAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public void Dispose()
    {
        // holds nothing
    }

    public Task<ContainerInspectResponse> InspectContainerAsync(string id, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<bool> StartContainerAsync(string id, ContainerStartParameters? parameters = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<bool> StopContainerAsync(string id, ContainerStopParameters? parameters = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task RestartContainerAsync(string id, ContainerRestartParameters? parameters = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task KillContainerAsync(string id, ContainerKillParameters? parameters = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<ContainerWaitResponse> WaitContainerAsync(string id, WaitCondition condition = WaitCondition.NotRunning, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<MultiplexedStream> GetContainerLogsAsync(string id, bool tty, ContainerLogsParameters parameters, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<ContainerUpdateResponse> UpdateContainerAsync(string id, ContainerUpdateParameters parameters, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<ContainerStatsResponse> GetContainerStatsAsync(string id, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<GetArchiveFromContainerResponse> GetArchiveFromContainerAsync(string id, GetArchiveFromContainerParameters parameters, bool statOnly = false, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<IList<ImagesListResponse>> ListImagesAsync(ImagesListParameters parameters, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task CreateImageAsync(ImagesCreateParameters parameters, AuthConfig? authConfig, IProgress<JSONMessage>? progress, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task PushImageAsync(string name, ImagePushParameters parameters, AuthConfig? authConfig, IProgress<JSONMessage>? progress, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task TagImageAsync(string name, ImageTagParameters parameters, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<IList<ImageDeleteResponse>> DeleteImageAsync(string name, ImageDeleteParameters? parameters = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
