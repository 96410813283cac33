using System.Text.Json;
using System.Text.Json.Serialization;
using Nosana.Deployments.Api.Reading;
using Nosana.Deployments.Model;
using Nosana.Deployments.Store;

namespace Nosana.Deployments.Api.Views;

/// <summary>A job in a list.</summary>
/// <param name="TimeStart">Unix seconds; 0 before it runs.</param>
/// <param name="TimeEnd">Unix seconds; unset before it ends.</param>
/// <param name="EndReason">Why it ended, which the chain's states do not tell.</param>
/// <param name="Price">Micro-NOS a second.</param>
internal sealed record JobView(
    string Job,
    string Deployment,
    string Market,
    int Revision,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Node,
    string? Tx,
    string State,
    long TimeStart,
    long? TimeEnd,
    string? EndReason,
    ulong Price,
    DateTimeOffset? Tick,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public static JobView Of(DeploymentJob job) => new(
        job.Job, job.Deployment, job.Market, job.Revision, job.Node, job.Tx, Words.Of(job.State), JobTimes.Seconds(job.StartedAt),
        job.EndedAt?.ToUnixTimeSeconds(), Words.Of(job.Reason), job.Price, job.Tick, job.ListedAt, job.UpdatedAt);
}

/// <summary>One job, with what it was to do and what came of it.</summary>
internal sealed record JobDetailView
{
    /// <summary>What the chain writes where no host is.</summary>
    private const string Nobody = "11111111111111111111111111111111";

    public required bool Confidential { get; init; }

    public required int Revision { get; init; }

    public required string Market { get; init; }

    public required string Node { get; init; }

    public required int State { get; init; }

    [JsonPropertyName("jobStatus"), JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? JobStatus { get; init; }

    [JsonPropertyName("jobDefinition")]
    public required JsonElement JobDefinition { get; init; }

    [JsonPropertyName("jobResult"), JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required JsonElement? JobResult { get; init; }

    [JsonPropertyName("timeStart")]
    public required long TimeStart { get; init; }

    [JsonPropertyName("timeEnd")]
    public required long TimeEnd { get; init; }

    [JsonPropertyName("listedAt")]
    public required long ListedAt { get; init; }

    public string? EndReason { get; init; }

    public static JobDetailView Of(Deployment deployment, DeploymentJob job, JsonElement definition, JsonElement? result) => new()
    {
        Confidential = deployment.Confidential,
        Revision = job.Revision,
        Market = deployment.Market,
        Node = job.Node ?? Nobody,
        State = Words.NumberOf(job.State),
        JobDefinition = definition,
        JobResult = result,
        TimeStart = JobTimes.Seconds(job.StartedAt),
        TimeEnd = JobTimes.Seconds(job.EndedAt),
        ListedAt = JobTimes.Seconds(job.ListedAt),
        EndReason = Words.Of(job.Reason),
    };
}

internal static class JobTimes
{
    /// <summary>Unix seconds; 0 is not yet.</summary>
    public static long Seconds(DateTimeOffset? time) => time?.ToUnixTimeSeconds() ?? 0;
}

/// <summary>A definition, as hosts are given it.</summary>
internal sealed record RevisionView(int Revision, string Deployment, JsonElement JobDefinition, string? IpfsDefinitionHash, DateTimeOffset CreatedAt)
{
    public static RevisionView Of(DeploymentRevision revision) => new(
        revision.Revision, revision.Deployment, JsonSerializer.Deserialize<JsonElement>(revision.Definition), revision.Cid, revision.CreatedAt);
}

/// <summary>Something that happened.</summary>
/// <param name="Actor">Address of who did it; unset when the manager did.</param>
internal sealed record EventView(
    long Id, string Category, [property: JsonPropertyName("deploymentId")] string Deployment, string Type, string Message, string? Tx, string? Actor,
    DateTimeOffset CreatedAt)
{
    public static EventView Of(StoredEvent one) => new(one.Id, one.Category, one.Deployment, one.Type, one.Message, one.Tx, one.Actor, one.CreatedAt);
}

/// <summary>A vault, without its key.</summary>
internal sealed record VaultView(string Vault, string Owner, DateTimeOffset CreatedAt)
{
    public static VaultView Of(VaultRecord vault) => new(vault.Vault, vault.Owner, vault.CreatedAt);
}
