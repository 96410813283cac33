using Docker.DotNet.Models;
using Nosana.Docker;

namespace Nosana.Node.Engine.Disk;

/// <summary>How much of the engine's disk a container takes: everything that it can write and that stays on a disk.</summary>
internal sealed class DiskMeter(IEngineClient client)
{
    /// <summary>Files of the engine's that it mounts into each container, outside of its layer. The container may write them.</summary>
    private static readonly string[] MountedFiles = ["/etc/hosts", "/etc/resolv.conf", "/etc/hostname"];

    /// <summary>What the container may write beside its layer: volumes by their names. It does not change while there is a container.</summary>
    /// <returns>Null when the container is gone.</returns>
    public async Task<IReadOnlySet<string>?> WritableVolumesAsync(string container, CancellationToken cancellationToken)
    {
        try
        {
            ContainerInspectResponse found = await client.InspectContainerAsync(container, cancellationToken);
            return (found.Mounts ?? []).Where(mount => mount is { RW: true, Name.Length: > 0 }).Select(mount => mount.Name!).ToHashSet(StringComparer.Ordinal);
        }
        catch (DockerContainerNotFoundException)
        {
            return null;
        }
        catch (DockerException exception)
        {
            throw EngineFaultClassifier.OfContainer(exception, "The engine cannot say what a container has mounted");
        }
    }

    /// <summary>
    /// Bytes of a container's layer, of the engine's files in it, of the volumes that it may write and of its job's volumes. The engine counts files for
    /// it, which takes time with many: not to be asked often.
    /// </summary>
    /// <param name="container">Its id.</param>
    /// <param name="job">Whose volumes count, whoever has them now.</param>
    /// <param name="writable">As <see cref="WritableVolumesAsync"/> says.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    /// <returns>Null when the container is gone.</returns>
    public async Task<long?> UsedAsync(string container, string job, IReadOnlySet<string> writable, CancellationToken cancellationToken)
    {
        try
        {
            var parameters = new ContainersListParameters { All = true, Size = true, Filters = new DockerFilters { { "id", container } } };
            IList<ContainerListResponse> found = await client.ListContainersAsync(parameters, cancellationToken);
            if (found.Count == 0) return null;
            long bytes = found[0].SizeRw ?? 0;
            foreach (string path in MountedFiles) bytes += await client.MeasureFileAsync(container, path, cancellationToken) ?? 0;
            return writable.Count == 0 ? bytes : bytes + await VolumesAsync(job, writable, cancellationToken);
        }
        catch (DockerContainerNotFoundException)
        {
            return null;
        }
        catch (DockerException exception)
        {
            throw EngineFaultClassifier.OfContainer(exception, "The engine cannot say how much disk a container takes");
        }
    }

    private async Task<long> VolumesAsync(string job, IReadOnlySet<string> writable, CancellationToken cancellationToken) =>
        (await client.MeasureVolumesAsync(cancellationToken))
            .Where(volume => writable.Contains(volume.Name) || (volume.Labels.TryGetValue(EngineLabels.Job, out string? owner) && owner == job))
            .Sum(volume => Math.Max(0, volume.Bytes));
}
