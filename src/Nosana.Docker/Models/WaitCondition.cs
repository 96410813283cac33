namespace Nosana.Docker.Models;

/// <summary>What <c>POST /containers/{id}/wait</c> waits for.</summary>
public enum WaitCondition
{
    /// <summary>Not running now; answers at once for one that was created and not started.</summary>
    NotRunning,

    /// <summary>The next end, also of a container that has not started yet.</summary>
    NextExit,

    /// <summary>Removed from the engine.</summary>
    Removed,
}
