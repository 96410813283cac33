using System.Text.Json;
using System.Text.Json.Nodes;
using Nosana.Node.Api.Streaming;
using Nosana.Node.Jobs;
using Nosana.Node.Market.Confidential;

namespace Nosana.Node.Api.Routes;

/// <summary>A job's state, definition, result and endpoints, and its end.</summary>
internal sealed class JobRoutes(RunningJobs jobs, OwnerDesk desk, JobViews views, InfoStream stream) : IApiRoutes
{
    public static readonly ApiReply InvalidJob = ApiReply.Text(StatusCodes.Status400BadRequest, "invalid job id");

    public void Map(IEndpointRouteBuilder api, IEndpointRouteBuilder ofOwner)
    {
        ofOwner.MapReading("/info", (string job, HttpContext http) => stream.ServeAsync(job, http))
            .WithSummary("The job's state as server-sent events, a frame with each change");
        ofOwner.MapReading("/results", Results).WithSummary("The result of a job that has ended; it is how a confidential job's result is handed over");
        ofOwner.MapReading("/job-definition", Definition).WithSummary("The definition that runs");
        ofOwner.MapPost("/job-definition", GiveDefinitionAsync).WithSummary("Give a confidential job its definition");
        ofOwner.MapReading("/endpoints", Endpoints).WithSummary("The addresses of exposed ports");
        ofOwner.MapPost("/stop", Stop).WithSummary("End the job: what it has done until then is its result, and paid");
    }

    private ApiReply Results(string job)
    {
        if (desk.TakeResult(job) is { } handed) return ApiReply.Text(handed);
        if (jobs.Has(job)) return ApiReply.Text(StatusCodes.Status400BadRequest, "cannot get job result at this time");
        return views.ResultOf(job) is { } result ? ApiReply.Text(result) : InvalidJob;
    }

    private ApiReply Definition(string job)
    {
        if (jobs.TryFind(job, out JobRunner? runner)) return ApiReply.Text(runner.Job.Request.Definition.Json);
        if (views.DefinitionOf(job) is { } kept) return ApiReply.Text(kept);
        return jobs.Has(job)
            ? ApiReply.Text(StatusCodes.Status400BadRequest, "The job definition has not yet been set. Please set the job definition and try again.")
            : InvalidJob;
    }

    private async Task<ApiReply> GiveDefinitionAsync(string job, HttpContext http)
    {
        if (!jobs.Has(job)) return InvalidJob;
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        byte[] definition = body.ToArray();
        if (!IsObject(definition)) return ApiReply.Text(StatusCodes.Status400BadRequest, "The body is no JSON object.");
        return desk.TryGiveDefinition(job, definition)
            ? ApiReply.Text(StatusCodes.Status200OK, "Job definition received")
            : ApiReply.Text(StatusCodes.Status400BadRequest, "cannot send job definition at this time");
    }

    private ApiReply Endpoints(string job)
    {
        JsonObject? urls = jobs.TryFind(job, out JobRunner? runner)
            ? runner.Job.Flow.Read(flow => flow.Secrets[job]?.DeepClone().AsObject())
            : null;
        if (urls is not { Count: > 0 }) return ApiReply.Text(StatusCodes.Status400BadRequest, "No exposed url for job id");
        bool isOnline = urls.Any(url => (string?)url.Value?["status"] == "ONLINE");
        return ApiReply.Json(new JsonObject { ["urls"] = urls, ["status"] = isOnline ? "ONLINE" : "OFFLINE" });
    }

    private ApiReply Stop(string job) =>
        jobs.TryStop(job) ? ApiReply.Text(StatusCodes.Status200OK, "job stopped successfully") : InvalidJob;

    private static bool IsObject(byte[] json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false; // whoever sent it is told so
        }
    }
}
