namespace Nosana.Docker.Models;

/// <summary>Query of <c>GET /events</c>.</summary>
public sealed class ContainerEventsParameters
{
    /// <summary>First moment: Unix seconds with up to nine decimals (<see cref="DockerTimestamp.ToEngineString"/>); null is now.</summary>
    public string? Since { get; set; }

    /// <summary>Last moment, after which the stream ends; null is never.</summary>
    public string? Until { get; set; }

    /// <summary>Filter name to its values, see <see cref="DockerFilters"/>.</summary>
    public IDictionary<string, IDictionary<string, bool>>? Filters { get; set; }
}
