using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Nosana.Deployments.Api.Reading;
using Nosana.Deployments.Api.Views;
using Nosana.Deployments.Model;
using Nosana.Deployments.Store;

namespace Nosana.Deployments.Api.Routes;

/// <summary>What a deployment has made so far: its jobs, what is yet to be done, and what happened.</summary>
internal sealed class JobRoutes(DeploymentStore store, DeploymentEditor editor, IApiChain chain) : IApiRoutes
{
    private const string NoJob = "Job not found";

    public void Map(IEndpointRouteBuilder open, IEndpointRouteBuilder ofUser)
    {
        ofUser.MapGet(PathValues.Deployment + "/jobs", ListAsync).Answers<JobsView>("ListJobs");
        ofUser.MapGet(PathValues.Deployment + "/jobs/{job}", GetAsync).Answers<JobDetailView>("GetJob");
        ofUser.MapGet(PathValues.Deployment + "/tasks", TasksAsync).Answers<TasksView>("ListTasks");
        ofUser.MapGet(PathValues.Deployment + "/events", EventsAsync).Answers<EventsView>("ListEvents");
    }

    private async Task<IResult> ListAsync(HttpContext http, string deployment)
    {
        var query = new Query(http);
        var filter = new JobFilter(PathValues.Id(deployment))
        {
            Jobs = query.Texts("job"),
            // One that is only planned is a task.
            States = query.Words("state", Words.JobStates) ?? [.. Words.JobStates.Values],
            Revisions = query.Wholes("revision"),
            Created = query.Times("created_after", "created_before"),
        };
        PageRequest request = query.Page();
        query.Throw();
        await editor.FindAsync(deployment, http.Caller(), http.RequestAborted);
        Page<DeploymentJob> page = await store.ListJobsAsync(filter, request, http.RequestAborted);
        return ApiReply.Ok(new JobsView([.. page.Items.Select(JobView.Of)], Pagination.Of(page)));
    }

    private async Task<IResult> GetAsync(HttpContext http, string deployment, string job)
    {
        string id = PathValues.Id(deployment);
        PathValues.Address("job", job);
        Deployment of = await editor.FindAsync(id, http.Caller(), http.RequestAborted);
        DeploymentJob found = await store.FindJobAsync(job, http.RequestAborted) is { } any && any.Deployment == id ? any : throw ApiRefusal.NotFound(NoJob);
        DeploymentRevision revision = await store.FindRevisionAsync(id, found.Revision, http.RequestAborted) ?? throw ApiRefusal.NotFound(NoJob);
        JsonElement? result = await store.FindResultAsync(job, http.RequestAborted) is { } posted
            ? JsonSerializer.Deserialize<JsonElement>(posted.Body)
            : found.State is JobState.Completed or JobState.Stopped ? await chain.ResultAsync(job, http.RequestAborted) : null;
        return ApiReply.Ok(JobDetailView.Of(of, found, JsonSerializer.Deserialize<JsonElement>(revision.Definition), result));
    }

    private async Task<IResult> TasksAsync(HttpContext http, string deployment)
    {
        var query = new Query(http);
        IReadOnlyList<string>? kinds = query.Texts("task");
        TimeRange due = query.Times("due_after", "due_before");
        PageRequest request = query.Page();
        query.Throw();
        DeploymentSnapshot snapshot = await editor.ReadAsync(PathValues.Id(deployment), http.Caller(), http.RequestAborted);
        IEnumerable<TaskView> tasks = TaskView.Of(snapshot)
            .Where(task => (kinds is null || kinds.Contains(task.Task)) && !(task.DueAt < due.After) && !(task.DueAt > due.Before));
        Page<TaskView> page = MemoryPage.Of(tasks, request, task => task.CreatedAt, task => task.Id);
        return ApiReply.Ok(new TasksView(page.Items, Pagination.Of(page)));
    }

    private async Task<IResult> EventsAsync(HttpContext http, string deployment)
    {
        var query = new Query(http);
        var filter = new EventFilter(PathValues.Id(deployment))
        {
            Categories = query.Texts("category"),
            Types = query.Texts("type"),
            Created = query.Times("created_after", "created_before"),
        };
        PageRequest request = query.Page();
        query.Throw();
        await editor.FindAsync(deployment, http.Caller(), http.RequestAborted);
        Page<StoredEvent> page = await store.ListEventsAsync(filter, request, http.RequestAborted);
        return ApiReply.Ok(new EventsView([.. page.Items.Select(EventView.Of)], Pagination.Of(page)));
    }
}
