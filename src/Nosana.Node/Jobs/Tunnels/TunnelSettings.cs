namespace Nosana.Node.Jobs.Tunnels;

/// <summary>The network's ingress, and the image that speaks with it.</summary>
/// <param name="Server">Host name or address of the frp server.</param>
/// <param name="Port">Its port.</param>
/// <param name="Image">The network's image of the tunnel client.</param>
/// <param name="Domain">What follows the id in a host name.</param>
internal sealed record TunnelSettings(string Server, int Port, string Image, string Domain)
{
    /// <summary>What the official hosts run.</summary>
    public const string OfficialImage = "registry.hub.docker.com/nosana/frpc:v1.0.44";

    public const int OfficialPort = 7000;
}
