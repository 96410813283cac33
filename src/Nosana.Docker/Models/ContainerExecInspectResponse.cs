namespace Nosana.Docker.Models;

/// <summary>Answer of <c>GET /exec/{id}/json</c>.</summary>
public sealed class ContainerExecInspectResponse
{
    public string ID { get; set; } = "";

    public bool Running { get; set; }

    /// <summary>Null while it runs.</summary>
    public long? ExitCode { get; set; }

    public string ContainerID { get; set; } = "";

    public long Pid { get; set; }
}
