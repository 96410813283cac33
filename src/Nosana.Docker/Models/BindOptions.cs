namespace Nosana.Docker.Models;

/// <summary>Options of a <c>bind</c> mount.</summary>
public sealed class BindOptions
{
    public string? Propagation { get; set; }

    public bool? NonRecursive { get; set; }
}
