namespace Nosana.Node.Ssh.Server;

/// <summary>Where a connection is to: an operation of a job, or the node, whose user names choose the job.</summary>
/// <param name="Job">Null for the node.</param>
/// <param name="Op">Index of the operation in the definition.</param>
internal readonly record struct SshTarget(string? Job, int Op)
{
    public static SshTarget Gateway { get; } = new(null, 0);

    /// <summary>That of a client which has not said yet where to.</summary>
    public static SshTarget Unknown { get; } = new(null, -1);
}
