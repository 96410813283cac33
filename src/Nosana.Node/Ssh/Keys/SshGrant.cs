using Nosana.JobDefinition.Ssh;

namespace Nosana.Node.Ssh.Keys;

/// <summary>A key that may reach a job.</summary>
/// <param name="ExpiresAt">From then on it opens no session, while open ones go on; null lasts until it is revoked or the job ends.</param>
internal sealed record SshGrant(SshPublicKey Key, DateTimeOffset? ExpiresAt);
