namespace Nosana.Docker.Models;

/// <summary>A resource limit of the processes of a container.</summary>
public sealed class Ulimit
{
    public string Name { get; set; } = "";

    public long Hard { get; set; }

    public long Soft { get; set; }
}
