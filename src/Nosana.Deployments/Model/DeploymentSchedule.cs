namespace Nosana.Deployments.Model;

/// <summary>What happens at a tick while jobs of an earlier one are active.</summary>
public enum Overlap
{
    /// <summary>They go on beside the new ones.</summary>
    Allow,

    /// <summary>The tick is left out.</summary>
    Forbid,

    /// <summary>They are stopped.</summary>
    Replace,
}

/// <summary>When a deployment's jobs are listed.</summary>
/// <param name="Expression">Five fields.</param>
/// <param name="TimeZone">IANA's name; null is UTC.</param>
/// <param name="Overlap">At a tick.</param>
/// <param name="StartingDeadline">A tick that is so late is left out; null takes any.</param>
public sealed record DeploymentSchedule(string Expression, string? TimeZone = null, Overlap Overlap = Overlap.Allow, TimeSpan? StartingDeadline = null);
