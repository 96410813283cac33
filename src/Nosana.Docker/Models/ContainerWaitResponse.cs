namespace Nosana.Docker.Models;

/// <summary>Answer of <c>POST /containers/{id}/wait</c>.</summary>
public sealed class ContainerWaitResponse
{
    /// <summary>Exit code of the container's first process: 128 + n when signal n ended it.</summary>
    public long StatusCode { get; set; }

    /// <summary>Why the engine could not wait; null when it could.</summary>
    public WaitExitError? Error { get; set; }
}
