namespace Nosana.JobDefinition.Model;

/// <summary>When a container is started again.</summary>
/// <param name="Kind">The rule.</param>
/// <param name="MaxTries">Most restarts for <see cref="RestartPolicyKind.OnFailure"/>; null (or 0 as written) means no limit.</param>
public sealed record RestartPolicy(RestartPolicyKind Kind, int? MaxTries = null);

/// <summary>Restart rules.</summary>
public enum RestartPolicyKind
{
    /// <summary><c>no</c>.</summary>
    No,

    /// <summary><c>always</c>.</summary>
    Always,

    /// <summary><c>unless-stopped</c>.</summary>
    UnlessStopped,

    /// <summary><c>on-failure</c>.</summary>
    OnFailure,
}
