using System.Text.Json;
using System.Text.Json.Serialization;
using Nosana.Deployments.Model;

namespace Nosana.Deployments.Store;

/// <summary>A deployment as it is kept: what is searched by in columns, and all of it as one document, which grows without a migration.</summary>
internal sealed class DeploymentRow
{
    private static readonly JsonSerializerOptions s_document = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    public required string Id { get; init; }

    public required string Owner { get; init; }

    public required string Vault { get; init; }

    public required string Market { get; init; }

    public required string Name { get; init; }

    public required DeploymentStatus Status { get; init; }

    public required DeploymentStrategy Strategy { get; init; }

    public string? IdempotencyKey { get; init; }

    public long Version { get; init; }

    public DateTimeOffset? NextAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Id and name in lower case: both databases search it alike, whatever their idea of letters is.</summary>
    public required string Search { get; init; }

    public required string Document { get; init; }

    public static DeploymentRow Of(Deployment deployment) => new()
    {
        Id = deployment.Id,
        Owner = deployment.Owner,
        Vault = deployment.Vault,
        Market = deployment.Market,
        Name = deployment.Name,
        Status = deployment.Status,
        Strategy = deployment.Strategy,
        IdempotencyKey = deployment.IdempotencyKey,
        Version = deployment.Version,
        NextAt = deployment.NextAt,
        CreatedAt = deployment.CreatedAt,
        UpdatedAt = deployment.UpdatedAt,
        Search = $"{deployment.Id}\n{deployment.Name}".ToLowerInvariant(),
        Document = JsonSerializer.Serialize(deployment, s_document),
    };

    public Deployment ToDeployment() => JsonSerializer.Deserialize<Deployment>(Document, s_document)! with
    {
        Version = Version,
        NextAt = NextAt,
        CreatedAt = CreatedAt,
        UpdatedAt = UpdatedAt,
    };
}
