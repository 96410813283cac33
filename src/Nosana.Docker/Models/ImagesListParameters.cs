namespace Nosana.Docker.Models;

/// <summary>Query of <c>GET /images/json</c>.</summary>
public sealed class ImagesListParameters
{
    public bool All { get; set; }

    public bool Digests { get; set; }

    /// <summary>Filter name to its values, see <see cref="DockerFilters"/>.</summary>
    public IDictionary<string, IDictionary<string, bool>>? Filters { get; set; }
}
