namespace Nosana.JobDefinition.Model;

/// <summary>The poster's wish to reach the job by SSH.</summary>
/// <param name="PublicKeys">Lines in authorized_keys form; may be empty.</param>
public sealed record SshAccess(IReadOnlyList<string> PublicKeys);
