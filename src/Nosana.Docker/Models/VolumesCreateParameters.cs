namespace Nosana.Docker.Models;

/// <summary>Body of <c>POST /volumes/create</c>. Creating a volume that exists returns it.</summary>
public sealed class VolumesCreateParameters
{
    /// <summary>Null for a name that the engine makes up.</summary>
    public string? Name { get; set; }

    public string? Driver { get; set; }

    public IDictionary<string, string>? DriverOpts { get; set; }

    public IDictionary<string, string>? Labels { get; set; }
}
