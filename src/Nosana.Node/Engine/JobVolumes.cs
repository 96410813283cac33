using Docker.DotNet.Models;
using Nosana.Docker;

namespace Nosana.Node.Engine;

/// <summary>Named volumes of jobs.</summary>
internal sealed class JobVolumes(IEngineClient client)
{
    /// <summary>Makes the volume unless the same job has it already.</summary>
    /// <returns>Whether it was made now: it is empty then.</returns>
    /// <exception cref="EngineException">
    /// Also <see cref="EngineFault.NameTaken"/>: the name belongs to another job or to nobody's job. Engines hand such a volume over
    /// in silence, and with it what another tenant stored.
    /// </exception>
    public async Task<bool> EnsureAsync(string name, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken = default)
    {
        VolumeResponse volume;
        // Engines answer a second making with the volume that is there, and its labels.
        string making = Guid.NewGuid().ToString("n");
        try
        {
            var parameters = new VolumesCreateParameters
            {
                Name = name,
                Driver = "local",
                Labels = new Dictionary<string, string>(labels) { [EngineLabels.Making] = making },
            };
            volume = await client.CreateVolumeAsync(parameters, cancellationToken);
        }
        catch (DockerException exception)
        {
            throw EngineFaultClassifier.OfContainer(exception, $"Volume {name} cannot be made");
        }
        labels.TryGetValue(EngineLabels.Job, out string? job);
        volume.Labels.TryGetValue(EngineLabels.Job, out string? owner);
        if (owner != job)
        {
            throw new EngineException(EngineFault.NameTaken, $"Volume {name} exists and belongs to {(owner is null ? "no job" : $"job {owner}")}. "
                + "Remove it, or give the volume another name.");
        }
        return volume.Labels.TryGetValue(EngineLabels.Making, out string? made) && made == making;
    }

    /// <summary>Removes the volume and what is in it; one that is gone already is not an error.</summary>
    public async Task RemoveAsync(string name, CancellationToken cancellationToken = default)
    {
        try
        {
            await client.RemoveVolumeAsync(name, cancellationToken);
        }
        catch (DockerVolumeNotFoundException)
        {
            // Gone is removed.
        }
        catch (DockerException exception)
        {
            throw EngineFaultClassifier.OfContainer(exception, $"Volume {name} cannot be removed");
        }
    }
}
