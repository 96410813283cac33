using Nosana.Deployments.Model;
using Nosana.Deployments.Store;

namespace Nosana.Deployments.Api.Reading;

/// <summary>The network's words for what has a few values.</summary>
internal static class Words
{
    public static IReadOnlyDictionary<string, DeploymentStatus> Statuses { get; } = new Dictionary<string, DeploymentStatus>
    {
        ["DRAFT"] = DeploymentStatus.Draft,
        ["STARTING"] = DeploymentStatus.Starting,
        ["RUNNING"] = DeploymentStatus.Running,
        ["STOPPING"] = DeploymentStatus.Stopping,
        ["STOPPED"] = DeploymentStatus.Stopped,
        ["ERROR"] = DeploymentStatus.Error,
        ["INSUFFICIENT_FUNDS"] = DeploymentStatus.InsufficientFunds,
        ["ARCHIVED"] = DeploymentStatus.Archived,
    };

    public static IReadOnlyDictionary<string, DeploymentStrategy> Strategies { get; } = new Dictionary<string, DeploymentStrategy>
    {
        ["SIMPLE"] = DeploymentStrategy.Simple,
        ["SIMPLE-EXTEND"] = DeploymentStrategy.SimpleExtend,
        ["SCHEDULED"] = DeploymentStrategy.Scheduled,
        ["INFINITE"] = DeploymentStrategy.Infinite,
    };

    public static IReadOnlyDictionary<string, Overlap> Overlaps { get; } = new Dictionary<string, Overlap>
    {
        ["allow"] = Overlap.Allow,
        ["forbid"] = Overlap.Forbid,
        ["replace"] = Overlap.Replace,
    };

    /// <summary>A job that is only planned is none for the network's clients: it is a task.</summary>
    public static IReadOnlyDictionary<string, JobState> JobStates { get; } = new Dictionary<string, JobState>
    {
        ["QUEUED"] = JobState.Queued,
        ["RUNNING"] = JobState.Running,
        ["COMPLETED"] = JobState.Completed,
        ["STOPPED"] = JobState.Stopped,
    };

    public static string Of(DeploymentStatus status) => Statuses.First(word => word.Value == status).Key;

    public static string Of(DeploymentStrategy strategy) => Strategies.First(word => word.Value == strategy).Key;

    public static string Of(Overlap overlap) => Overlaps.First(word => word.Value == overlap).Key;

    /// <summary>One that is on its way to the market is as good as queued.</summary>
    public static string Of(JobState state) => state == JobState.Pending ? "QUEUED" : JobStates.First(word => word.Value == state).Key;

    /// <summary>The chain's number.</summary>
    public static int NumberOf(JobState state) => state switch
    {
        JobState.Running => 1,
        JobState.Completed => 2,
        JobState.Stopped => 3,
        _ => 0,
    };

    public static string? Of(EndReason? reason) => reason?.ToString().ToLowerInvariant();

    public static string Of(TargetKind kind) => kind switch
    {
        TargetKind.List or TargetKind.Assign => "LIST",
        TargetKind.Extend => "EXTEND",
        TargetKind.Stop => "STOP",
        TargetKind.Recover => "RECOVER",
        _ => "CLEAN",
    };
}
