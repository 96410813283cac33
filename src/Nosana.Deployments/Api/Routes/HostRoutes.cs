using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Nosana.Deployments.Api.Authorization;
using Nosana.Deployments.Api.Reading;
using Nosana.Deployments.Model;
using Nosana.Deployments.Store;

namespace Nosana.Deployments.Api.Routes;

/// <summary>What the host that has a confidential job asks for and brings back: its definition and its result, which are nobody else's.</summary>
internal sealed class HostRoutes(DeploymentStore store, HostAuthorization hosts) : IApiRoutes
{
    /// <summary>Of a result: logs of many operations are in it.</summary>
    private const int MaxResultBytes = 16 * 1024 * 1024;

    private const string Tag = "Deployments Jobs";

    public void Map(IEndpointRouteBuilder open, IEndpointRouteBuilder ofUser)
    {
        open.MapGet("/deployments/jobs/{job}/job-definition", DefinitionAsync).WithName("GetJobDefinition").WithTags(Tag).Produces<JsonElement>();
        open.MapPost("/deployments/jobs/{job}/results", ResultAsync).WithName("PostJobResults").WithTags(Tag).Produces<MessageView>();
    }

    private async Task<IResult> DefinitionAsync(HttpContext http, string job)
    {
        DeploymentJob found = await hosts.JobOfAsync(http, job);
        DeploymentRevision revision = await store.FindRevisionAsync(found.Deployment, found.Revision, http.RequestAborted)
            ?? throw ApiRefusal.NotFound("The specified revision does not exist.");
        return ApiReply.Ok(JsonSerializer.Deserialize<JsonElement>(revision.Definition));
    }

    private async Task<IResult> ResultAsync(HttpContext http, string job)
    {
        DeploymentJob found = await hosts.JobOfAsync(http, job);
        // The last word before the end counts; after it there is none.
        if (found.State is JobState.Completed or JobState.Stopped) throw ApiRefusal.BadRequest("Job has already been completed.");
        using JsonDocument body = await JsonBody.ReadAsync(http, MaxResultBytes);
        _ = new Fields(body.RootElement, FaultForm.Body);
        await store.SaveResultAsync(found, body.RootElement.GetRawText(), http.RequestAborted);
        return ApiReply.Ok(new MessageView("Success"));
    }
}

internal sealed record MessageView(string Message);
