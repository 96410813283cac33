using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Nosana.Deployments.Api.Reading;
using Nosana.Deployments.Model;
using Nosana.JobDefinition.Ssh;

namespace Nosana.Deployments.Api.Routes;

/// <summary>SSH keys of a deployment: those of all its jobs, beside those of its definition.</summary>
internal sealed class SshKeyRoutes(DeploymentEditor editor) : IApiRoutes
{
    private const string Path = PathValues.Deployment + "/ssh-keys", Message = "The owner changed the SSH keys.";

    public void Map(IEndpointRouteBuilder open, IEndpointRouteBuilder ofUser)
    {
        ofUser.MapGet(Path, GetAsync).Answers<SshKeysView>("GetSshKeys");
        ofUser.MapPost(Path, AddAsync).Answers<SshKeysView>("AddSshKeys");
        ofUser.MapDelete(Path, RemoveAsync).Answers<SshKeysView>("RemoveSshKeys");
        ofUser.MapPatch(PathValues.Deployment + "/update-ssh-keys", ReplaceAsync).Answers<SshKeysView>("UpdateSshKeys");
    }

    private async Task<IResult> GetAsync(HttpContext http, string deployment)
    {
        Deployment found = await editor.FindAsync(PathValues.Id(deployment), http.Caller(), http.RequestAborted);
        return ApiReply.Ok(new SshKeysView(found.SshPublicKeys, found.UpdatedAt));
    }

    private Task<IResult> ReplaceAsync(HttpContext http, string deployment) => ChangeAsync(http, deployment, (_, given) => given);

    private Task<IResult> AddAsync(HttpContext http, string deployment) => ChangeAsync(http, deployment, (before, given) =>
    {
        var set = new SshKeySet();
        foreach (string line in before.Concat(given))
            if (set.Add(line) is { } fault) throw ApiRefusal.BadRequest($"A key {fault}.");
        return [.. set.Keys.Select(key => key.ToString())];
    });

    private Task<IResult> RemoveAsync(HttpContext http, string deployment) => ChangeAsync(http, deployment, (before, given) =>
    {
        HashSet<string> gone = [.. given.Select(Identity)];
        return [.. before.Where(line => !gone.Contains(Identity(line)))];
    });

    private async Task<IResult> ChangeAsync(
        HttpContext http, string deployment, Func<IReadOnlyList<string>, IReadOnlyList<string>, IReadOnlyList<string>> change)
    {
        string id = PathValues.Id(deployment);
        using JsonDocument body = await JsonBody.ReadAsync(http);
        var fields = new Fields(body.RootElement, FaultForm.Body);
        IReadOnlyList<string>? given = fields.SshKeys(isRequired: true);
        fields.Faults.Throw();
        Deployment changed = await editor.ChangeAsync(
            id, http.Caller(), (Deployment before) => before with { SshPublicKeys = change(before.SshPublicKeys, given!) },
            OwnerEvents.SshKeysChanged, Message, http.RequestAborted);
        return ApiReply.Ok(new SshKeysView(changed.SshPublicKeys, changed.UpdatedAt));
    }

    // A comment does not make it another key.
    private static string Identity(string line) => SshPublicKey.TryParse(line, out SshPublicKey? key, out _) ? key.Identity : line;
}

internal sealed record SshKeysView(IReadOnlyList<string> SshPublicKeys, DateTimeOffset UpdatedAt);
