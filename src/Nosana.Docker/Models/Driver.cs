namespace Nosana.Docker.Models;

/// <summary>A volume driver and its options.</summary>
public sealed class Driver
{
    public string? Name { get; set; }

    public IDictionary<string, string>? Options { get; set; }
}
