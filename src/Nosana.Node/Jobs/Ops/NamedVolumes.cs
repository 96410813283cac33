using Nosana.Node.Engine;

namespace Nosana.Node.Jobs.Ops;

/// <summary>
/// The volumes that a job names. Somebody may remove one between two operations, and what was in it with it: that is told, once it is made again, and
/// a second time it is this host's fault.
/// </summary>
internal sealed partial class NamedVolumes(JobVolumes volumes, ILogger<NamedVolumes> logger)
{
    /// <summary>The volume exists and is the job's own.</summary>
    /// <param name="op">The operation that needs it.</param>
    /// <param name="name">As in the definition.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <exception cref="EngineException">It cannot be had, or is lost again and again.</exception>
    public async Task EnsureAsync(OpContext op, string name, CancellationToken cancel)
    {
        if (!await volumes.EnsureAsync(op.Job.VolumeName(name), op.Job.Labels(), cancel)) return;
        int made = op.Job.CountMaking(name);
        if (made == 1) return;
        string problem = $"Volume '{name}' was removed from this host's engine while the job ran, and what was in it is lost.";
        if (made > 2) throw new EngineException(EngineFault.Other, $"{problem} It is not made a third time.");
        LogLost(name);
        op.Log.AppendNodeError($"{problem} It was made again and is empty.");
    }

    [LoggerMessage(342, LogLevel.Warning,
        "Volume {Volume} of the job was removed while it ran, and is made again, empty: see who removes volumes, such as a prune by a timer")]
    private partial void LogLost(string volume);
}
