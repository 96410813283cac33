namespace Nosana.Docker.Models;

/// <summary>Body of <c>POST /containers/{id}/exec</c>.</summary>
public sealed class ContainerExecCreateParameters
{
    public IList<string>? Cmd { get; set; }

    public IList<string>? Env { get; set; }

    public string? User { get; set; }

    public string? WorkingDir { get; set; }

    public bool Privileged { get; set; }

    public bool Tty { get; set; }

    public bool AttachStdout { get; set; }

    public bool AttachStderr { get; set; }
}
