using System.Text.Json.Serialization;
using Nosana.Deployments.Api.Reading;
using Nosana.Deployments.Model;
using Nosana.Deployments.Store;
using Nosana.Deployments.Strategies;

namespace Nosana.Deployments.Api.Views;

/// <summary>
/// Something that is yet to be done for a deployment: what is written down to be done on chain, and what its strategy does next by the clock. It is a view:
/// nothing waits in a queue that could go another way than the deployment does.
/// </summary>
/// <param name="Task">LIST, EXTEND, STOP; of money that comes home, RECOVER and CLEAN.</param>
/// <param name="Status">PROCESSING while a signed transaction of it may land, else PENDING.</param>
internal sealed record TaskView(
    string Id, string Task, [property: JsonPropertyName("deploymentId")] string Deployment, string Status, DateTimeOffset DueAt, DateTimeOffset CreatedAt,
    string? Job = null, int? Limit = null, int? Attempts = null, string? Reason = null, string? Error = null, string? Tx = null)
{
    /// <summary>All of one deployment, the next due first.</summary>
    public static IReadOnlyList<TaskView> Of(DeploymentSnapshot snapshot)
    {
        Deployment deployment = snapshot.Deployment;
        IEnumerable<TaskView> tasks = snapshot.Targets.Select(Of);
        if (deployment.Status.IsLive()) tasks = tasks.Concat(ByTheClock(deployment, snapshot.Jobs));
        return [.. tasks.OrderBy(task => task.DueAt).ThenBy(task => task.Id, StringComparer.Ordinal)];
    }

    private static TaskView Of(ChainTarget target) => new(
        target.Key, Words.Of(target.Kind), target.Deployment, target.State == TargetState.Signed ? "PROCESSING" : "PENDING", target.DueAt ?? target.CreatedAt,
        target.CreatedAt, target.Job, target.Kind is TargetKind.List or TargetKind.Assign ? 1 : null, target.Attempts, target.Reason, target.Error,
        target.Signature);

    private static IEnumerable<TaskView> ByTheClock(Deployment deployment, IReadOnlyList<DeploymentJob> jobs)
    {
        if (deployment is { Strategy: DeploymentStrategy.Scheduled, NextTick: { } tick })
            yield return new TaskView("tick", "LIST", deployment.Id, "PENDING", tick, deployment.UpdatedAt, Limit: deployment.Replicas);
        foreach (DeploymentJob job in jobs.Where(job => job is { IsWanted: true, State: JobState.Running, Deadline: not null }))
        {
            if (deployment.Strategy == DeploymentStrategy.Infinite)
                yield return New("LIST", "rotate", job.Deadline!.Value - deployment.Rotation, job) with { Limit = 1 };
            if (deployment.Strategy == DeploymentStrategy.SimpleExtend)
                yield return New("EXTEND", "extend", job.Deadline!.Value - SimpleStrategy.BufferOf(deployment.Timeout), job);
        }

        TaskView New(string task, string id, DateTimeOffset due, DeploymentJob job) =>
            new($"{id}:{job.Job}", task, deployment.Id, "PENDING", due, job.StartedAt!.Value, job.Job);
    }
}
