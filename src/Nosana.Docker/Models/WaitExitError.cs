namespace Nosana.Docker.Models;

/// <summary>Why waiting for a container failed.</summary>
public sealed class WaitExitError
{
    public string Message { get; set; } = "";
}
