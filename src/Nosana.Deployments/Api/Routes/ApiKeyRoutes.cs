using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Nosana.Deployments.Api.Reading;
using Nosana.Deployments.Store;

namespace Nosana.Deployments.Api.Routes;

/// <summary>API keys of an owner: made, listed, rotated and given up. A key is shown once.</summary>
internal sealed class ApiKeyRoutes(DeploymentStore store, TimeProvider time) : IApiRoutes
{
    private const string Tag = "API keys", NoKey = "API key not found.";
    private const int MostKeys = 50;

    /// <summary>How long a key that was rotated is still taken: until whoever uses it has the new one.</summary>
    private static readonly TimeSpan s_overlap = TimeSpan.FromHours(1);

    public void Map(IEndpointRouteBuilder open, IEndpointRouteBuilder ofUser)
    {
        ofUser.MapGet("/api-keys", (Delegate)ListAsync).Answers<IReadOnlyList<ApiKeyView>>("ListApiKeys", Tag);
        ofUser.MapPost("/api-keys", (Delegate)CreateAsync).Answers<ApiKeyView>("CreateApiKey", Tag);
        ofUser.MapPost("/api-keys/{id}/rotate", RotateAsync).Answers<ApiKeyView>("RotateApiKey", Tag);
        ofUser.MapDelete("/api-keys/{id}", GiveUpAsync).WithName("DeleteApiKey").WithTags(Tag).Produces(StatusCodes.Status204NoContent);
    }

    private async Task<IResult> ListAsync(HttpContext http) =>
        ApiReply.Ok((await store.ApiKeysAsync(http.Caller(), http.RequestAborted)).Where(IsAlive).Select(key => ApiKeyView.Of(key)).ToArray());

    private async Task<IResult> CreateAsync(HttpContext http)
    {
        using JsonDocument body = await JsonBody.ReadAsync(http);
        var fields = new Fields(body.RootElement, FaultForm.Body);
        string? name = fields.Text("name", isRequired: true, least: 1);
        int? days = fields.Whole("expires_in_days", isRequired: false, 1, 3660);
        fields.Faults.Throw();
        string owner = http.Caller();
        if ((await store.ApiKeysAsync(owner, http.RequestAborted)).Count(IsAlive) >= MostKeys)
            throw ApiRefusal.Conflict($"There are {MostKeys} API keys, which is the most. Give one up.");
        return await IssueAsync(owner, name!, days is { } count ? time.GetUtcNow().AddDays(count) : null, http.RequestAborted);
    }

    private async Task<IResult> RotateAsync(HttpContext http, string id)
    {
        string owner = http.Caller();
        ApiKeyRecord old = (await store.ApiKeysAsync(owner, http.RequestAborted)).FirstOrDefault(key => key.Hash == id && IsAlive(key))
            ?? throw ApiRefusal.NotFound(NoKey);
        DateTimeOffset end = time.GetUtcNow() + s_overlap;
        IResult made = await IssueAsync(owner, old.Name, old.ExpiresAt, http.RequestAborted);
        await store.ExpireApiKeyAsync(owner, old.Hash, old.ExpiresAt < end ? old.ExpiresAt.Value : end, http.RequestAborted);
        return made;
    }

    private async Task<IResult> GiveUpAsync(HttpContext http, string id) =>
        await store.ExpireApiKeyAsync(http.Caller(), id, time.GetUtcNow(), http.RequestAborted)
            ? ApiReply.Empty(StatusCodes.Status204NoContent)
            : throw ApiRefusal.NotFound(NoKey);

    private async Task<IResult> IssueAsync(string owner, string name, DateTimeOffset? expiresAt, CancellationToken cancellationToken)
    {
        (ApiKeyRecord key, string text) = ApiKeyRecord.Issue(owner, name, expiresAt);
        return ApiReply.Ok(ApiKeyView.Of(await store.AddApiKeyAsync(key, cancellationToken), text));
    }

    private bool IsAlive(ApiKeyRecord key) => !(key.ExpiresAt <= time.GetUtcNow());
}

/// <summary>An API key; its text only in the answer to its making.</summary>
internal sealed record ApiKeyView(
    string Id, string Name, string Prefix, string? Key, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, DateTimeOffset? ExpiresAt)
{
    public static ApiKeyView Of(ApiKeyRecord key, string? text = null) =>
        new(key.Hash, key.Name, key.Prefix, text, key.CreatedAt, key.LastUsedAt, key.ExpiresAt);
}
