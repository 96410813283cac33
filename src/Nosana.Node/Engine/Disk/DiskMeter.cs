using Docker.DotNet.Models;
using Nosana.Docker;

namespace Nosana.Node.Engine.Disk;

/// <summary>How much of the engine's disk a container and its job's volumes take.</summary>
internal sealed class DiskMeter(IEngineClient client)
{
    /// <summary>Bytes of a container's own layer; null when the container is gone. The engine counts the layer's files, which takes time with many.</summary>
    public async Task<long?> LayerAsync(string container, CancellationToken cancellationToken)
    {
        var parameters = new ContainersListParameters { All = true, Size = true, Filters = new DockerFilters { { "id", container } } };
        try
        {
            IList<ContainerListResponse> found = await client.ListContainersAsync(parameters, cancellationToken);
            return found.Count == 0 ? null : found[0].SizeRw ?? 0;
        }
        catch (DockerException exception)
        {
            throw EngineFaultClassifier.OfContainer(exception, "The engine cannot say how much disk a container takes");
        }
    }

    /// <summary>Bytes of all volumes of a job. The engine counts everything that it holds for this: not to be asked often.</summary>
    public async Task<long> VolumesAsync(string job, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<VolumeSize> volumes = await client.MeasureVolumesAsync(cancellationToken);
            return volumes
                .Where(volume => volume.Labels.TryGetValue(EngineLabels.Job, out string? owner) && owner == job)
                .Sum(volume => Math.Max(0, volume.Bytes));
        }
        catch (DockerException exception)
        {
            throw EngineFaultClassifier.OfContainer(exception, "The engine cannot say how much disk a job's volumes take");
        }
    }
}
