namespace Nosana.Docker.Models;

/// <summary>A port of a listed container.</summary>
public sealed class Port
{
    public string IP { get; set; } = "";

    public ushort PrivatePort { get; set; }

    public ushort PublicPort { get; set; }

    public string Type { get; set; } = "";
}
