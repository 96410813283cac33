using System.Text.Json;
using System.Text.Json.Serialization;

namespace Nosana.Node.Jobs.Tunnels;

/// <summary>An item of <c>FRP_PROXIES</c>, by which the network's image is told what to serve. Names of fields are the image's.</summary>
internal sealed record FrpProxy
{
    /// <summary>Unique on the server.</summary>
    public required string Name { get; init; }

    /// <summary><c>http</c> when absent; <see cref="TcpMux"/> for SSH, which clients reach by <c>CONNECT</c>.</summary>
    public string? Type { get; init; }

    /// <summary>Where the container reaches what is served.</summary>
    public required string LocalIp { get; init; }

    public required string LocalPorts { get; init; }

    public string? OpId { get; init; }

    /// <summary>The host name.</summary>
    public required string CustomDomain { get; init; }

    /// <summary>The host name that all replicas of a deployment share.</summary>
    public string? DeploymentDomain { get; init; }

    public string? DeploymentLoadBalancerGroup { get; init; }

    /// <summary>Path of a GET that answers 200 while the service is well; a replica that fails it gets no requests under the shared name.</summary>
    public string? DeploymentHealthCheckPath { get; init; }

    public const string TcpMux = "tcpmux";

    /// <summary>The variable's value.</summary>
    public static string Write(IReadOnlyList<FrpProxy> proxies) => JsonSerializer.Serialize(proxies, FrpProxyJson.Default.IReadOnlyListFrpProxy);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IReadOnlyList<FrpProxy>))]
internal sealed partial class FrpProxyJson : JsonSerializerContext;
