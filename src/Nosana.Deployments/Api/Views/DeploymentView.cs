using System.Text.Json;
using System.Text.Json.Serialization;
using Nosana.Deployments.Api.Reading;
using Nosana.Deployments.Model;

namespace Nosana.Deployments.Api.Views;

/// <summary>A deployment. Times that it is given are minutes.</summary>
internal sealed record DeploymentView
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Vault { get; init; }

    public required string Market { get; init; }

    public required string Owner { get; init; }

    public required string Status { get; init; }

    public required string Strategy { get; init; }

    public required int Replicas { get; init; }

    public required double Timeout { get; init; }

    public string? Schedule { get; init; }

    public string? TimeZone { get; init; }

    public string? Overlap { get; init; }

    public double? StartingDeadline { get; init; }

    public DateTimeOffset? NextTick { get; init; }

    public double? RotationTime { get; init; }

    public double? StartupTimeout { get; init; }

    public IReadOnlyDictionary<string, JsonElement>? Requirements { get; init; }

    public IReadOnlyList<string>? AllowedHosts { get; init; }

    public IReadOnlyList<string>? DeniedHosts { get; init; }

    public IReadOnlyList<string>? SshPublicKeys { get; init; }

    public string? IdempotencyKey { get; init; }

    public required bool Confidential { get; init; }

    public required int ActiveRevision { get; init; }

    /// <summary>Those that run.</summary>
    public required int ActiveJobs { get; init; }

    /// <summary>Those that wait for a host.</summary>
    public required int QueuedJobs { get; init; }

    public required IReadOnlyList<EndpointView> Endpoints { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public static DeploymentView Of(Deployment deployment, IReadOnlyList<EndpointView> endpoints, int running, int queued)
    {
        bool isScheduled = deployment.Strategy == DeploymentStrategy.Scheduled;
        DeploymentSchedule? schedule = isScheduled ? deployment.Schedule : null;
        return new DeploymentView
        {
            Id = deployment.Id,
            Name = deployment.Name,
            Vault = deployment.Vault,
            Market = deployment.Market,
            Owner = deployment.Owner,
            Status = Words.Of(deployment.Status),
            Strategy = Words.Of(deployment.Strategy),
            Replicas = deployment.Replicas,
            Timeout = deployment.Timeout.TotalMinutes,
            Schedule = schedule?.Expression,
            TimeZone = schedule?.TimeZone,
            Overlap = schedule is null ? null : Words.Of(schedule.Overlap),
            StartingDeadline = schedule?.StartingDeadline?.TotalMinutes,
            NextTick = isScheduled && deployment.Status.IsLive() ? deployment.NextTick : null,
            RotationTime = deployment.Strategy == DeploymentStrategy.Infinite ? deployment.Rotation.TotalMinutes : null,
            StartupTimeout = deployment.StartupTimeout?.TotalMinutes,
            Requirements = deployment.Requirements,
            AllowedHosts = NullWhenEmpty(deployment.AllowedHosts),
            DeniedHosts = NullWhenEmpty(deployment.DeniedHosts),
            SshPublicKeys = NullWhenEmpty(deployment.SshPublicKeys),
            IdempotencyKey = deployment.IdempotencyKey,
            Confidential = deployment.Confidential,
            ActiveRevision = deployment.ActiveRevision,
            ActiveJobs = running,
            QueuedJobs = queued,
            Endpoints = endpoints,
            CreatedAt = deployment.CreatedAt,
            UpdatedAt = deployment.UpdatedAt,
        };
    }

    private static IReadOnlyList<string>? NullWhenEmpty(IReadOnlyList<string> list) => list.Count == 0 ? null : list;
}

/// <summary>Where a port of an operation is reached, whichever job serves it.</summary>
/// <param name="Online">Whether a job serves it now; null where that is not looked up.</param>
internal sealed record EndpointView([property: JsonPropertyName("opId")] string OpId, int Port, string Url, bool? Online = null);
