namespace Nosana.Docker.Models;

/// <summary>A mount as the engine made it.</summary>
public sealed class MountPoint
{
    public string Type { get; set; } = "";

    /// <summary>Name of the volume; empty for other types.</summary>
    public string Name { get; set; } = "";

    public string Source { get; set; } = "";

    public string Destination { get; set; } = "";

    public string Driver { get; set; } = "";

    public string Mode { get; set; } = "";

    public bool RW { get; set; }

    public string Propagation { get; set; } = "";
}
