namespace Nosana.Docker.Models;

/// <summary>A part of the engine and its version.</summary>
public sealed class ComponentVersion
{
    public string Name { get; set; } = "";

    public string Version { get; set; } = "";
}
