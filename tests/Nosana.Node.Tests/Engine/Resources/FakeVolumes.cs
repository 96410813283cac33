using System.Formats.Tar;
using System.Net;
using Docker.DotNet.Models;
using Nosana.Docker;
using Nosana.Node.Tests.Support;

namespace Nosana.Node.Tests.Engine.Resources;

/// <summary>An engine that has volumes, and helpers that fill them with archives.</summary>
internal sealed class FakeVolumes : EngineFake
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

    public override Task<VolumeResponse> CreateVolumeAsync(VolumesCreateParameters parameters, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            Volumes.Add(parameters.Name!, []);
            Labels[parameters.Name!] = parameters.Labels!;
        }
        return Task.FromResult(new VolumeResponse { Name = parameters.Name! });
    }

    public override Task<VolumeResponse> InspectVolumeAsync(string name, CancellationToken cancellationToken = default)
    {
        lock (_lock) return Volumes.ContainsKey(name) ? Task.FromResult(new VolumeResponse { Name = name }) : throw new DockerVolumeNotFoundException(HttpStatusCode.NotFound, "no such volume");
    }

    public override Task RemoveVolumeAsync(string name, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (Used.Contains(name)) throw new DockerApiException(HttpStatusCode.Conflict, "volume is in use");
            return Volumes.Remove(name) ? Task.CompletedTask : throw new DockerVolumeNotFoundException(HttpStatusCode.NotFound, "no such volume");
        }
    }

    public override Task<IList<VolumeResponse>> ListVolumesAsync(VolumesListParameters parameters, CancellationToken cancellationToken = default)
    {
        lock (_lock) return Task.FromResult<IList<VolumeResponse>>([.. Volumes.Keys.Select(name => new VolumeResponse { Name = name, Labels = Labels[name] })]);
    }

    public override Task<CreateContainerResponse> CreateContainerAsync(CreateContainerParameters parameters, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            string id = $"helper{_next++}";
            _helpers.Add(id, parameters.HostConfig!.Mounts!.Single());
            return Task.FromResult(new CreateContainerResponse { ID = id });
        }
    }

    public override Task RemoveContainerAsync(string id, ContainerRemoveParameters parameters, CancellationToken cancellationToken = default)
    {
        lock (_lock) Assert.True(_helpers.Remove(id));
        return Task.CompletedTask;
    }

    public override async Task ExtractArchiveAsync(string id, string path, Stream archive, CancellationToken cancellationToken = default)
    {
        Mount mount;
        lock (_lock) mount = _helpers[id];
        Assert.Equal(mount.Target, path);
        await using var tar = new TarReader(archive);
        while (await tar.GetNextEntryAsync(copyData: true, cancellationToken) is { } entry)
        {
            if (entry.EntryType == TarEntryType.Directory) continue;
            using var content = new StreamReader(entry.DataStream ?? Stream.Null);
            string text = await content.ReadToEndAsync(cancellationToken);
            lock (_lock) Volumes[mount.Source!].Add(entry.Name, text);
        }
    }

    public override Task<IList<ContainerListResponse>> ListContainersAsync(ContainersListParameters parameters, CancellationToken cancellationToken = default) => Task.FromResult<IList<ContainerListResponse>>([]);

    public override Task<ImageInspectResponse> InspectImageAsync(string name, CancellationToken cancellationToken = default) =>
        _hasImage ? Task.FromResult(new ImageInspectResponse { ID = "sha256:helper", RootFS = new RootFS { Layers = [$"sha256:{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(new byte[1024]))}"] } }) : throw new DockerImageNotFoundException(HttpStatusCode.NotFound, "no such image");

    public override Task ImportImageAsync(string repository, string tag, Stream archive, IReadOnlyList<string> changes, CancellationToken cancellationToken = default)
    {
        _hasImage = true;
        return Task.CompletedTask;
    }
}
