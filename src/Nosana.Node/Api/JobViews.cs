using System.Text.Json.Nodes;
using Nosana.Node.Api.Routes;
using Nosana.Node.Jobs;
using Nosana.Node.Jobs.State;
using Nosana.Node.Journal;
using Nosana.Node.Market.Confidential;

namespace Nosana.Node.Api;

/// <summary>Jobs as their owners see them: those that run here, those that are prepared or delivered, and those that the journal remembers.</summary>
internal sealed class JobViews(RunningJobs jobs, OwnerDesk desk, JournalStore journal)
{
    /// <summary>What the job is now, in the form of <c>GET /job/ID/info</c>; null when nothing is known of it.</summary>
    public JobView? Find(string job)
    {
        if (jobs.TryFind(job, out JobRunner? runner)) return new JobView(WithOperations(runner.Job.Flow.Snapshot(), runner.Progress()), IsOver: false);
        if (desk.StateOf(job) is { } state) return new JobView(WithOperations(JsonNode.Parse(ResultJson.WriteWithoutLogs(state))!, null), IsOver: false);
        return ResultOf(job) is { } result
            ? new JobView(WithOperations(JsonNode.Parse(ResultJson.WriteWithoutLogs(ResultJson.Read(result)))!, null), IsOver: true)
            : null;
    }

    /// <summary>The result that the journal has of a job that ended, JSON in UTF-8.</summary>
    public byte[]? ResultOf(string job) => journal.FindRunOfJob(job) is { } run ? journal.FindResult(run.Run) : null;

    /// <summary>The definition of a job that has ended and is not settled yet, JSON in UTF-8.</summary>
    public byte[]? DefinitionOf(string job) => journal.FindRunOfJob(job) is { } run ? journal.FindDefinition(run.Run) : null;

    private static JsonObject WithOperations(JsonNode flow, JobProgress? progress)
    {
        JsonObject state = flow.AsObject();
        state["errors"] ??= new JsonArray();
        foreach (JsonNode? op in state["opStates"] as JsonArray ?? [])
        {
            op!.AsObject().Remove("logs");
            op.AsObject().Remove("providerId");
        }
        state["operations"] = progress is null ? null : OperationsOf(progress);
        return state;
    }

    private static JsonObject OperationsOf(JobProgress progress)
    {
        var operations = new JsonObject { ["all"] = OperationRoutes.WordsOf(progress.Ops) };
        if (progress.Group is { } group) operations["currentGroup"] = group;
        operations["currentGroupStatus"] = OperationRoutes.WordsOf(progress.Ops.Where(op => op.Group == progress.Group));
        return operations;
    }
}

/// <param name="State">As it is shown.</param>
/// <param name="IsOver">It will not change any more.</param>
internal sealed record JobView(JsonObject State, bool IsOver);
