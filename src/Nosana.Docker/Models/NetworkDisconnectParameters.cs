namespace Nosana.Docker.Models;

/// <summary>Body of <c>POST /networks/{id}/disconnect</c>.</summary>
public sealed class NetworkDisconnectParameters
{
    /// <summary>Id or name of the container.</summary>
    public required string Container { get; set; }

    public bool Force { get; set; }
}
