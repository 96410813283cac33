using System.Text.Json.Serialization;

namespace Nosana.LocalNet.Front;

/// <summary>A host name, and the tunnel that serves it.</summary>
/// <param name="Name">Unique; a newer one takes the place of an older.</param>
/// <param name="Kind"><see cref="Http"/> or <see cref="TcpMux"/>.</param>
/// <param name="Host">The host name.</param>
/// <param name="IsShared">Several hosts may serve it: requests go to one after the other.</param>
/// <param name="Labels">What the tunnel says of it, for whoever follows the events.</param>
public sealed record FrontProxy(string Name, string Kind, string Host, bool IsShared, IReadOnlyDictionary<string, string> Labels)
{
    public const string Http = "http", TcpMux = "tcpmux";

    internal FrontTunnel Tunnel { get; init; } = null!;
}

/// <summary>Something that happened to a proxy.</summary>
/// <param name="Event"><c>registered</c> or <c>unregistered</c>.</param>
/// <param name="Proxy">Of which.</param>
/// <param name="Reason">
/// <c>graceful</c> when its tunnel said goodbye, <c>lost</c> when it was cut off, <c>unhealthy</c> when its backend failed its check.
/// </param>
public sealed record FrontEvent(string Event, FrontProxy Proxy, string? Reason)
{
    public const string Registered = "registered", Unregistered = "unregistered", Graceful = "graceful", Lost = "lost", Unhealthy = "unhealthy";
}

/// <summary>The first line of a tunnel: what it serves.</summary>
internal sealed record TunnelHello(string? JobId, string? DeploymentId, IReadOnlyList<TunnelItem> Proxies);

/// <summary>One item of <c>FRP_PROXIES</c>, as tunnel clients are given it.</summary>
internal sealed record TunnelItem(
    string Name, string LocalIp, string LocalPorts, string CustomDomain, string? Type = null, string? OpId = null, string? DeploymentDomain = null,
    string? DeploymentLoadBalancerGroup = null, string? DeploymentHealthCheckPath = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TunnelHello))]
internal sealed partial class FrontJson : JsonSerializerContext;
