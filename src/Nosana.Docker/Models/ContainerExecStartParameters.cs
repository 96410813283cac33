namespace Nosana.Docker.Models;

/// <summary>Body of <c>POST /exec/{id}/start</c>.</summary>
public sealed class ContainerExecStartParameters
{
    public bool Detach { get; set; }

    /// <summary>Must equal the value that the command was created with.</summary>
    public bool Tty { get; set; }
}
