using System.Text.Json.Nodes;
using Nosana.Node.Jobs;
using Nosana.Node.Jobs.Ops;

namespace Nosana.Node.Api.Routes;

/// <summary>
/// How far a job's operations are, and what its owner may ask of them. Whether a command can be carried out is said before it is: the answer does not wait for
/// its effect, since whoever is in front of the host cuts an answer that takes long.
/// </summary>
internal sealed partial class OperationRoutes(RunningJobs jobs, ILogger<OperationRoutes> logger) : IApiRoutes
{
    public void Map(IEndpointRouteBuilder api, IEndpointRouteBuilder ofOwner)
    {
        ofOwner.MapReading("/ops", Operations).WithSummary("How far each operation is");
        ofOwner.MapReading("/ops/{op}", Operation).WithSummary("How far one operation is");
        ofOwner.MapReading("/group/current", CurrentGroup).WithSummary("How far the operations of the group that runs are");
        ofOwner.MapReading("/group/{group}", Group).WithSummary("How far the operations of a group are");
        ofOwner.MapPost("/group/{group}/restart", (string job, string group) => CommandAsync(job, OpCommandKind.Restart, group, null))
            .WithSummary("Run the operations of the group that runs again");
        ofOwner.MapPost("/group/{group}/stop", (string job, string group) => CommandAsync(job, OpCommandKind.Stop, group, null))
            .WithSummary("Stop the operations of the group that runs");
        ofOwner.MapPost("/group/{group}/operation/{op}/restart", (string job, string group, string op) => CommandAsync(job, OpCommandKind.Restart, group, op))
            .WithSummary("Run an operation again");
        ofOwner.MapPost("/group/{group}/operation/{op}/stop", (string job, string group, string op) => CommandAsync(job, OpCommandKind.Stop, group, op))
            .WithSummary("Stop an operation");
    }

    /// <summary>The words of operations by their ids.</summary>
    public static JsonObject WordsOf(IEnumerable<OpStanding> ops)
    {
        var words = new JsonObject();
        foreach (OpStanding op in ops) words[op.Id] = op.Word;
        return words;
    }

    private ApiReply Operations(string job) => Of(job, progress => WordsOf(progress.Ops));

    private ApiReply Operation(string job, string op) =>
        Of(job, progress => new JsonObject { [op] = progress.Ops.FirstOrDefault(one => one.Id == op)?.Word });

    private ApiReply CurrentGroup(string job) => Of(job, progress => WordsOf(progress.Ops.Where(op => op.Group == progress.Group)));

    private ApiReply Group(string job, string group) => Of(job, progress => WordsOf(progress.Ops.Where(op => op.Group == group)));

    private ApiReply Of(string job, Func<JobProgress, JsonObject> answer) =>
        jobs.TryFind(job, out JobRunner? runner) ? ApiReply.Json(answer(runner.Progress())) : JobRoutes.InvalidJob;

    private async Task<ApiReply> CommandAsync(string job, OpCommandKind kind, string group, string? op)
    {
        if (!jobs.TryFind(job, out JobRunner? runner)) return JobRoutes.InvalidJob;
        try
        {
            _ = WatchAsync(job, await runner.AcceptAsync(kind, group, op));
        }
        catch (OpCommandException e)
        {
            return ApiReply.Error(StatusCodes.Status500InternalServerError, RefusalOf(kind, op, e.Code));
        }
        return kind == OpCommandKind.Restart
            ? MessageOf(StatusCodes.Status202Accepted, op is null ? "Group Operation restart initiated" : "Operation restart initiated")
            : MessageOf(StatusCodes.Status200OK, op is null ? "Group Operation Stopped" : "Operation Stopped");
    }

    private async Task WatchAsync(string job, Task effect)
    {
        try
        {
            await effect;
        }
        catch (OpCommandException e)
        {
            LogNoEffect(job, e.Message); // the job ended meanwhile, which its owner sees
        }
    }

    private static ApiReply MessageOf(int status, string message) => ApiReply.Json(status, new JsonObject { ["message"] = message });

    private static string RefusalOf(OpCommandKind kind, string? op, string code) => (kind, op) switch
    {
        (OpCommandKind.Restart, null) => "Failed to restart group operations",
        (OpCommandKind.Restart, _) => $"Failed to restart operation: {code}",
        (_, null) => "Failed to stop group operations",
        _ => $"Failed to Stop operation: {code}",
    };

    [LoggerMessage(6220, LogLevel.Information, "What the owner of job {Job} asked for had no effect: {Problem}")]
    private partial void LogNoEffect(string job, string problem);
}
