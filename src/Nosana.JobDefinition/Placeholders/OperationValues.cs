using Nosana.JobDefinition.Results;

namespace Nosana.JobDefinition.Placeholders;

/// <summary>What other operations may ask of one.</summary>
public sealed record OperationValues
{
    /// <summary><c>%%ops.ID.host%%</c>: container name, resolvable in the job's network.</summary>
    public required string Host { get; init; }

    /// <summary><c>%%ops.ID.endpoint.PORT%%</c>: public host name (no scheme) by port.</summary>
    public IReadOnlyDictionary<string, string> Endpoints { get; init; } = new Dictionary<string, string>();

    /// <summary><c>%%ops.ID.deployment_endpoint%%</c>; null: unresolved.</summary>
    public string? DeploymentEndpoint { get; init; }

    /// <summary><c>%%ops.ID.container_ip%%</c>: address of its container in the job's network; null until it has started.</summary>
    public string? ContainerIp { get; init; }

    /// <summary><c>%%ops.ID.results.KEY%%</c>; null until the operation ended.</summary>
    public IReadOnlyDictionary<string, ResultValue>? Results { get; init; }
}
