using System.Text.Json.Serialization;

namespace Nosana.Docker.Models;

/// <summary>One container of <c>GET /containers/json</c>.</summary>
public sealed class ContainerListResponse
{
    [JsonPropertyName("Id")]
    public string ID { get; set; } = "";

    /// <summary>Names, each with a leading slash.</summary>
    public IList<string> Names { get; set; } = [];

    public string Image { get; set; } = "";

    public string ImageID { get; set; } = "";

    public string Command { get; set; } = "";

    [JsonConverter(typeof(Json.UnixSecondsConverter))]
    public DateTime Created { get; set; }

    public IList<Port> Ports { get; set; } = [];

    public long SizeRw { get; set; }

    public long SizeRootFs { get; set; }

    public IDictionary<string, string> Labels { get; set; } = new Dictionary<string, string>();

    /// <summary><c>created</c>, <c>running</c>, <c>paused</c>, <c>restarting</c>, <c>removing</c>, <c>exited</c> or <c>dead</c>.</summary>
    public string State { get; set; } = "";

    /// <summary>State in words for people, for example <c>Up 3 minutes</c>.</summary>
    public string Status { get; set; } = "";

    public SummaryNetworkSettings NetworkSettings { get; set; } = new();

    public IList<MountPoint> Mounts { get; set; } = [];
}
