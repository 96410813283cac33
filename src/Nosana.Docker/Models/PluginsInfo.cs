namespace Nosana.Docker.Models;

/// <summary>Drivers of the engine, by kind.</summary>
public sealed class PluginsInfo
{
    public IList<string> Volume { get; set; } = [];

    public IList<string> Network { get; set; } = [];

    public IList<string> Authorization { get; set; } = [];

    public IList<string> Log { get; set; } = [];
}
