using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Nosana.Deployments.Api.Reading;
using Nosana.Deployments.Api.Views;
using Nosana.Deployments.Model;
using Nosana.Deployments.Store;
using Nosana.Solana.Wallet;

namespace Nosana.Deployments.Api.Routes;

/// <summary>Deployments as they are: read, started, stopped, archived, removed and copied.</summary>
internal sealed class DeploymentRoutes(DeploymentStore store, DeploymentEditor editor, EndpointTable endpoints) : IApiRoutes
{
    private const int Running = 0, Queued = 1;

    public void Map(IEndpointRouteBuilder open, IEndpointRouteBuilder ofUser)
    {
        ofUser.MapGet("/deployments", (Delegate)ListAsync).Answers<DeploymentsView>("ListDeployments");
        ofUser.MapGet(PathValues.Deployment, GetAsync).Answers<DeploymentView>("GetDeployment");
        ofUser.MapDelete(PathValues.Deployment, DeleteAsync).WithName("DeleteDeployment").WithTags("Deployments").Produces(StatusCodes.Status204NoContent);
        ofUser.MapPost(PathValues.Deployment + "/start", (HttpContext http, string deployment) =>
            MoveAsync(http, deployment, Trigger.Start, OwnerEvents.Started)).Answers<StatusView>("StartDeployment");
        ofUser.MapPost(PathValues.Deployment + "/stop", (HttpContext http, string deployment) =>
            MoveAsync(http, deployment, Trigger.Stop, OwnerEvents.Stopped)).Answers<StatusView>("StopDeployment");
        ofUser.MapPost(PathValues.Deployment + "/archive", (HttpContext http, string deployment) =>
            MoveAsync(http, deployment, Trigger.Archive, OwnerEvents.Archived)).Answers<StatusView>("ArchiveDeployment");
        ofUser.MapPost(PathValues.Deployment + "/duplicate", DuplicateAsync).Answers<DeploymentView>("DuplicateDeployment");
    }

    private async Task<IResult> ListAsync(HttpContext http)
    {
        var query = new Query(http);
        var filter = new DeploymentFilter
        {
            Owner = http.Caller(),
            Search = query.Text("search"),
            Ids = query.Texts("id"),
            Names = query.Texts("name"),
            Statuses = query.Words("status", Words.Statuses),
            Strategies = query.Words("strategy", Words.Strategies),
            Vaults = query.Texts("vault"),
            IdempotencyKey = query.Text("idempotency_key"),
            Created = query.Times("created_after", "created_before"),
        };
        PageRequest request = query.Page();
        query.Throw();
        Page<Deployment> page = await store.ListAsync(filter, request, http.RequestAborted);
        int[][] counts = await CountAsync(page.Items, http.RequestAborted);
        var views = new List<DeploymentView>();
        foreach (Deployment deployment in page.Items)
        {
            int[] count = counts[views.Count];
            views.Add(DeploymentView.Of(deployment, await endpoints.OfAsync(deployment, http.RequestAborted), count[Running], count[Queued]));
        }
        return ApiReply.Ok(new DeploymentsView(views, Pagination.Of(page)));
    }

    private async Task<IResult> GetAsync(HttpContext http, string deployment) =>
        ApiReply.Ok(await ViewAsync(await editor.FindAsync(PathValues.Id(deployment), http.Caller(), http.RequestAborted), http.RequestAborted));

    private async Task<IResult> DeleteAsync(HttpContext http, string deployment)
    {
        await editor.DeleteAsync(PathValues.Id(deployment), http.Caller(), http.RequestAborted);
        return ApiReply.Empty(StatusCodes.Status204NoContent);
    }

    private async Task<IResult> MoveAsync(HttpContext http, string deployment, Trigger on, string eventType)
    {
        Deployment moved = await editor.MoveAsync(
            PathValues.Id(deployment), http.Caller(), on, eventType, before => on == Trigger.Start ? CreateRoute.Started(before) : before, http.RequestAborted);
        return ApiReply.Ok(new StatusView(Words.Of(moved.Status), moved.UpdatedAt));
    }

    private async Task<IResult> DuplicateAsync(HttpContext http, string deployment)
    {
        string owner = http.Caller();
        Deployment original = await editor.FindAsync(PathValues.Id(deployment), owner, http.RequestAborted);
        string? name = null, key = null;
        if (http.Request.ContentLength is > 0 || http.Request.Headers.TransferEncoding.Count > 0)
        {
            using JsonDocument body = await JsonBody.ReadAsync(http);
            var fields = new Fields(body.RootElement, FaultForm.Body);
            name = fields.Text("name", least: 1, most: DeploymentFields.MostName);
            key = fields.Text("idempotency_key", least: 1);
            fields.Faults.Throw();
        }
        DeploymentRevision revision = await store.FindRevisionAsync(original.Id, original.ActiveRevision, http.RequestAborted) ?? throw ApiRefusal.NotFound();
        using var id = new Account();
        string copyName = name ?? $"{original.Name} (copy)";
        Deployment copy = original with
        {
            Id = id.PublicKey.Key,
            Name = copyName.Length <= DeploymentFields.MostName ? copyName : copyName[..DeploymentFields.MostName],
            Status = DeploymentStatus.Draft,
            Run = 0,
            Quota = null,
            NextTick = null,
            NextAt = null,
            Rapid = RapidRounds.None,
            IdempotencyKey = key,
        };
        string definition = DefinitionField.Complete(JsonSerializer.Deserialize<JsonElement>(revision.Definition), copy.Id);
        CreatedDeployment created = await store.CreateAsync(
            copy, definition, null, [OwnerEvents.Of(owner, OwnerEvents.Created, $"The owner made it as a copy of {original.Id}.")], http.RequestAborted);
        if (!created.IsNew) throw ApiRefusal.Conflict("A deployment with this idempotency_key exists already.");
        return ApiReply.Ok(await ViewAsync(created.Deployment, http.RequestAborted));
    }

    private async Task<DeploymentView> ViewAsync(Deployment deployment, CancellationToken cancellationToken)
    {
        int[] count = (await CountAsync([deployment], cancellationToken))[0];
        return DeploymentView.Of(deployment, await endpoints.WithHealthAsync(deployment, cancellationToken), count[Running], count[Queued]);
    }

    private async Task<int[][]> CountAsync(IReadOnlyList<Deployment> deployments, CancellationToken cancellationToken)
    {
        if (deployments.Count == 0) return [];
        IReadOnlyDictionary<(string Deployment, JobState State), int> counts =
            await store.CountJobsAsync([.. deployments.Select(one => one.Id)], cancellationToken);
        return [.. deployments.Select(one => new[] { Of(one, JobState.Running), Of(one, JobState.Queued) + Of(one, JobState.Pending) })];

        int Of(Deployment one, JobState state) => counts.GetValueOrDefault((one.Id, state));
    }
}

/// <summary>After a change of the status.</summary>
internal sealed record StatusView(string Status, DateTimeOffset UpdatedAt);
