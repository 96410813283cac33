using System.IO.Pipelines;
using Docker.DotNet.Models;
using Nosana.Docker;
using Nosana.Node.Engine.Containers;

namespace Nosana.Node.Engine.Resources;

/// <summary>
/// Puts files into volumes by way of the engine alone, which also reaches volumes of an engine elsewhere: a container that is made and never
/// started mounts the volume, and the engine unpacks an archive in it. Its image is empty and made here, so that nothing is pulled and
/// nothing can run; it is known by its id, since anybody on the machine can give its name to another image.
/// </summary>
internal sealed class VolumeFiller(IEngineClient client, ResourceOptions options)
{
    private const string Repository = "nosana-node/empty", Tag = "1", MountPoint = "/resource";

    /// <summary>Of a layer without entries: an archive that is two blocks of zeros.</summary>
    private const string EmptyLayer = "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef";

    private static readonly PipeOptions Buffering = new(pauseWriterThreshold: 4 << 20, resumeWriterThreshold: 2 << 20);

    private volatile string? _image;

    /// <summary>Makes a cache volume.</summary>
    public Task CreateAsync(string volume, string key, CancellationToken cancellationToken) => Do($"Volume {volume} cannot be made", () =>
        client.CreateVolumeAsync(new VolumesCreateParameters { Name = volume, Driver = "local", Labels = LabelsOf(key) }, cancellationToken));

    /// <summary>Whether the volume is there.</summary>
    public async Task<bool> ExistsAsync(string volume, CancellationToken cancellationToken)
    {
        try
        {
            await Do($"Volume {volume} cannot be looked at", () => client.InspectVolumeAsync(volume, cancellationToken));
            return true;
        }
        catch (EngineException exception) when (exception.InnerException is DockerVolumeNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Puts the files into a volume and removes them from this machine.</summary>
    public async Task FillAsync(string volume, string key, IReadOnlyList<StagedFile> files, CancellationToken cancellationToken)
    {
        string helper = await CreateHelperAsync(volume, key, readOnly: false, cancellationToken);
        try
        {
            await UnpackAsync(helper, (archive, cancel) => VolumeTar.WriteAsync(files, archive, cancel), cancellationToken);
        }
        finally
        {
            await RemoveHelperAsync(helper);
        }
    }

    /// <summary>Copies all of one volume into another, where everybody in the container may then write.</summary>
    public async Task CopyAsync(string fromVolume, string toVolume, string key, CancellationToken cancellationToken)
    {
        // Two containers: the engine lets one request at a time at the files of each.
        string source = await CreateHelperAsync(fromVolume, key, readOnly: true, cancellationToken);
        string? target = null;
        try
        {
            target = await CreateHelperAsync(toVolume, key, readOnly: false, cancellationToken);
            await using Stream content = await Do(
                $"Volume {fromVolume} cannot be read", () => client.ReadArchiveAsync(source, $"{MountPoint}/.", cancellationToken));
            await UnpackAsync(target, (to, cancel) => VolumeTar.CopyWritableAsync(content, to, cancel), cancellationToken);
        }
        finally
        {
            await RemoveHelperAsync(source);
            if (target is not null) await RemoveHelperAsync(target);
        }
    }

    /// <summary>Removes a cache volume.</summary>
    /// <returns>False when a container has it.</returns>
    public async Task<bool> RemoveAsync(string volume, CancellationToken cancellationToken)
    {
        try
        {
            await Do($"Volume {volume} cannot be removed", () => client.RemoveVolumeAsync(volume, cancellationToken));
            return true;
        }
        catch (EngineException exception) when (exception.InnerException is DockerVolumeNotFoundException)
        {
            return true;
        }
        catch (EngineException exception) when (exception.InnerException is DockerApiException { StatusCode: System.Net.HttpStatusCode.Conflict })
        {
            return false;
        }
    }

    /// <summary>Removes what a killed agent has left of its helpers, and names its cache volumes.</summary>
    public Task<IReadOnlyList<string>> RecoverAsync(CancellationToken cancellationToken) => Do("What an earlier run has left cannot be listed", async () =>
    {
        DockerFilters filter = LabelFilter.Of(options.Labels);
        IList<ContainerListResponse> helpers =
            await client.ListContainersAsync(new ContainersListParameters { All = true, Filters = filter }, cancellationToken);
        foreach (ContainerListResponse helper in helpers.Where(found => found.Labels.ContainsKey(EngineLabels.Resource))) await RemoveHelperAsync(helper.ID);
        IList<VolumeResponse> volumes = await client.ListVolumesAsync(new VolumesListParameters { Filters = filter }, cancellationToken);
        return (IReadOnlyList<string>)[.. volumes.Where(found => found.Labels.ContainsKey(EngineLabels.Resource)).Select(found => found.Name)];
    });

    private Dictionary<string, string> LabelsOf(string key) => new(options.Labels) { [EngineLabels.Resource] = key };

    private async Task<string> CreateHelperAsync(string volume, string key, bool readOnly, CancellationToken cancellationToken)
    {
        string image = await ImageAsync(cancellationToken);
        // Not cancelled half-way: see ContainerDriver.
        CreateContainerResponse made = await Do($"The helper of volume {volume} cannot be made", () => client.CreateContainerAsync(new CreateContainerParameters
        {
            Image = image,
            Cmd = ["-"],
            Labels = LabelsOf(key),
            HostConfig = new HostConfig
            {
                NetworkMode = "none",
                CapDrop = ["ALL"],
                Mounts =
                [
                    new Mount
                    {
                        Type = "volume", Source = volume, Target = MountPoint, ReadOnly = readOnly, VolumeOptions = new VolumeOptions { NoCopy = true },
                    },
                ],
            },
        }, CancellationToken.None));
        return made.ID;
    }

    /// <summary>Id of the empty image, which is made where it is missing.</summary>
    private async Task<string> ImageAsync(CancellationToken cancellationToken)
    {
        if (_image is { } known && await InspectAsync(known, cancellationToken) is not null) return known;
        if (await InspectAsync($"{Repository}:{Tag}", cancellationToken) is { } named && IsEmpty(named)) return _image = named.ID;
        using var empty = new MemoryStream(new byte[1024]);
        await Do("The helper's image cannot be made", () =>
            client.ImportImageAsync(Repository, Tag, empty, [$"LABEL {EngineLabels.Resource}=helper"], cancellationToken));
        if (await InspectAsync($"{Repository}:{Tag}", cancellationToken) is { } made && IsEmpty(made)) return _image = made.ID;
        throw new EngineException(EngineFault.Other, $"The helper's image cannot be made: somebody else gives its name, {Repository}:{Tag}, to another image. "
            + "See what on this machine does so.");
    }

    private async Task<ImageInspectResponse?> InspectAsync(string image, CancellationToken cancellationToken)
    {
        try
        {
            return await Do("The helper's image cannot be looked up", () => client.InspectImageAsync(image, cancellationToken));
        }
        catch (EngineException exception) when (exception.InnerException is DockerImageNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Nothing is in it, and nothing is made with it: what is like that is as good as made here.</summary>
    private static bool IsEmpty(ImageInspectResponse image) => image.RootFS?.Layers is [EmptyLayer]
        && image.Config is not { Volumes.Count: > 0 } and not { OnBuild.Count: > 0 } and not { Healthcheck: not null };

    /// <summary>Writes an archive while the engine unpacks it: no copy of it lies anywhere.</summary>
    private async Task UnpackAsync(string helper, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        var pipe = new Pipe(Buffering);
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<Exception?> writing = WriteAsync(pipe.Writer, write, abandoned.Token);
        try
        {
            await Do("The engine cannot unpack the resource", async () =>
            {
                await using Stream archive = pipe.Reader.AsStream();
                await client.ExtractArchiveAsync(helper, MountPoint, archive, cancellationToken);
            });
        }
        catch (Exception) when (writing is { IsCompletedSuccessfully: true, Result: { } failure and not OperationCanceledException })
        {
            // What stopped the writer is the reason; the engine only saw its archive end.
            throw writing.Result as EngineException ?? new EngineException(EngineFault.Other,
                $"The resource cannot be handed to the engine: {writing.Result!.Message}", writing.Result);
        }
        finally
        {
            await abandoned.CancelAsync();
            await pipe.Reader.CompleteAsync();
            await writing;
        }
    }

    /// <returns>What stopped it before the end; null when all is written.</returns>
    private static async Task<Exception?> WriteAsync(PipeWriter writer, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        try
        {
            await using (Stream archive = writer.AsStream(leaveOpen: true)) await write(archive, cancellationToken);
            await writer.CompleteAsync();
            return null;
        }
        catch (Exception exception)
        {
            await writer.CompleteAsync(exception);
            return exception;
        }
    }

    private async Task RemoveHelperAsync(string id)
    {
        try
        {
            await client.RemoveContainerAsync(id, new ContainerRemoveParameters { Force = true }, CancellationToken.None);
        }
        catch (DockerContainerNotFoundException)
        {
            // Gone is removed.
        }
        catch (DockerException exception)
        {
            throw EngineFaultClassifier.OfContainer(exception, "The helper of a volume cannot be removed");
        }
    }

    private static async Task<T> Do<T>(string action, Func<Task<T>> request)
    {
        try
        {
            return await request();
        }
        catch (DockerException exception)
        {
            throw EngineFaultClassifier.OfContainer(exception, action);
        }
    }

    private static Task<bool> Do(string action, Func<Task> request) => Do(action, async () =>
    {
        await request();
        return true;
    });
}
