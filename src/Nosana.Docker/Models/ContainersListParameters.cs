namespace Nosana.Docker.Models;

/// <summary>Query of <c>GET /containers/json</c>.</summary>
public sealed class ContainersListParameters
{
    /// <summary>Whether containers that do not run are listed too.</summary>
    public bool All { get; set; }

    public bool Size { get; set; }

    public int? Limit { get; set; }

    /// <summary>Filter name to its values, see <see cref="DockerFilters"/>.</summary>
    public IDictionary<string, IDictionary<string, bool>>? Filters { get; set; }
}
