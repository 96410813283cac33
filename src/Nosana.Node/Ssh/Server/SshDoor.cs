using Nosana.Node.Ssh.Keys;
using Nosana.Node.Ssh.Protocol;
using Nosana.Node.Ssh.Shells;

namespace Nosana.Node.Ssh.Server;

/// <summary>Who gets in where.</summary>
internal sealed class SshDoor(SshKeys keys, OpShells shells)
{
    /// <summary>Who logs in at an operation's own name.</summary>
    public const string User = "nosana";

    private const string GatewayPrefix = "nosana-";

    /// <returns>The job that the key opens there for the user; null for none.</returns>
    public string? JobFor(SshTarget target, SshKeyQuestion question)
    {
        string? job = target.Job is { } named
            ? question.User == User ? named : null
            : question.User.StartsWith(GatewayPrefix, StringComparison.Ordinal) ? question.User[GatewayPrefix.Length..] : null;
        return job is not null && keys.Allows(job, question.Identity) ? job : null;
    }

    /// <param name="command">What the client wants to run, where that names an operation.</param>
    /// <exception cref="ShellException">There is no such operation.</exception>
    public int OpFor(SshTarget target, string job, string command) => target.Job is not null
        ? target.Op
        : shells.Find(job, command.Length == 0 ? null : command) ?? throw new ShellException("The job has no operation of that name.");
}
