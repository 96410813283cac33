using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Nosana.Deployments.Api.Reading;
using Nosana.Deployments.Api.Views;
using Nosana.Deployments.Model;
using Nosana.Deployments.Store;

namespace Nosana.Deployments.Api.Routes;

/// <summary>A deployment's definitions: added, listed, and made the active one.</summary>
internal sealed class RevisionRoutes(DeploymentStore store, DeploymentEditor editor, EndpointTable endpoints) : IApiRoutes
{
    public void Map(IEndpointRouteBuilder open, IEndpointRouteBuilder ofUser)
    {
        ofUser.MapGet(PathValues.Deployment + "/revisions", ListAsync).Answers<RevisionsView>("ListRevisions");
        ofUser.MapPost(PathValues.Deployment + "/create-revision", CreateAsync).Answers<RevisedView>("CreateRevision");
        // What the network's documentation has called it.
        ofUser.MapPost(PathValues.Deployment + "/revisions", CreateAsync).ExcludeFromDescription();
        ofUser.MapPatch(PathValues.Deployment + "/update-active-revision", ActivateAsync).Answers<RevisedView>("UpdateActiveRevision");
    }

    private async Task<IResult> ListAsync(HttpContext http, string deployment)
    {
        var query = new Query(http);
        var filter = new RevisionFilter(PathValues.Id(deployment))
        {
            Revisions = query.Wholes("revision"),
            Created = query.Times("created_after", "created_before"),
        };
        PageRequest request = query.Page();
        query.Throw();
        await editor.FindAsync(deployment, http.Caller(), http.RequestAborted);
        Page<DeploymentRevision> page = await store.ListRevisionsAsync(filter, request, http.RequestAborted);
        return ApiReply.Ok(new RevisionsView([.. page.Items.Select(RevisionView.Of)], Pagination.Of(page)));
    }

    private async Task<IResult> CreateAsync(HttpContext http, string deployment)
    {
        string id = PathValues.Id(deployment);
        using JsonDocument body = await JsonBody.ReadAsync(http);
        var fields = new Fields(body.RootElement, FaultForm.Body);
        DefinitionField.Check(body.RootElement, "", fields.Faults);
        fields.Faults.Throw();
        Deployment changed = await editor.ReviseAsync(id, http.Caller(), DefinitionField.Complete(body.RootElement, id), http.RequestAborted);
        IReadOnlyList<DeploymentRevision> all = await store.RevisionsAsync(id, http.RequestAborted);
        return ApiReply.Ok(await AnswerAsync(changed, http.RequestAborted) with { Revisions = [.. all.Select(RevisionView.Of)] });
    }

    private async Task<IResult> ActivateAsync(HttpContext http, string deployment)
    {
        string id = PathValues.Id(deployment);
        using JsonDocument body = await JsonBody.ReadAsync(http);
        var fields = new Fields(body.RootElement, FaultForm.Body);
        int? revision = fields.Whole("active_revision", isRequired: true, 1, int.MaxValue);
        fields.Faults.Throw();
        await editor.FindAsync(id, http.Caller(), http.RequestAborted);
        if (await store.FindRevisionAsync(id, revision!.Value, http.RequestAborted) is null)
            throw ApiRefusal.BadRequest("The specified revision does not exist.");
        Deployment changed = await editor.ChangeAsync(
            id, http.Caller(), (Deployment before) => before with { ActiveRevision = revision.Value },
            OwnerEvents.Activated, $"The owner made revision {revision.Value} the active one.", http.RequestAborted);
        return ApiReply.Ok(await AnswerAsync(changed, http.RequestAborted));
    }

    private async Task<RevisedView> AnswerAsync(Deployment changed, CancellationToken cancellationToken) =>
        new(changed.ActiveRevision, await endpoints.OfAsync(changed, cancellationToken), changed.UpdatedAt);
}

/// <summary>After a change of the definition.</summary>
internal sealed record RevisedView(int ActiveRevision, IReadOnlyList<EndpointView> Endpoints, DateTimeOffset UpdatedAt)
{
    public IReadOnlyList<RevisionView>? Revisions { get; init; }
}
