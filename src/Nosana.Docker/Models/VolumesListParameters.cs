namespace Nosana.Docker.Models;

/// <summary>Query of <c>GET /volumes</c>.</summary>
public sealed class VolumesListParameters
{
    /// <summary>Filter name to its values, see <see cref="DockerFilters"/>.</summary>
    public IDictionary<string, IDictionary<string, bool>>? Filters { get; set; }
}
