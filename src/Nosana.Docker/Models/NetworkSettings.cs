namespace Nosana.Docker.Models;

/// <summary>Networks and published ports of an inspected container.</summary>
public sealed class NetworkSettings
{
    /// <summary>Container port (<c>80/tcp</c>) to where it is published; null for a port that is only exposed.</summary>
    public IDictionary<string, IList<PortBinding>?> Ports { get; set; } = new Dictionary<string, IList<PortBinding>?>();

    public string SandboxKey { get; set; } = "";

    /// <summary>Address on the default bridge; empty when not on it.</summary>
    public string IPAddress { get; set; } = "";

    public string Gateway { get; set; } = "";

    public IDictionary<string, EndpointSettings> Networks { get; set; } = new Dictionary<string, EndpointSettings>();
}
