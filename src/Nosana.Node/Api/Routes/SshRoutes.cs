using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authentication;
using Nosana.JobDefinition.Ssh;
using Nosana.Node.Api.Authorization;
using Nosana.Node.Chain;
using Nosana.Node.Jobs;
using Nosana.Node.Journal;
using Nosana.Node.Ssh;
using Nosana.Node.Ssh.Authorizations;
using Nosana.Node.Ssh.Keys;
using Nosana.Node.Ssh.Server;
using Nosana.Solana.Rpc;

namespace Nosana.Node.Api.Routes;

/// <summary>
/// Which keys may reach a job by SSH. Granting one has two older forms beside that with the owner's header: a text that the owner signed with the key in it,
/// and no header. The body's keys say which it is.
/// </summary>
internal sealed class SshRoutes(
    RunningJobs jobs, SshKeys keys, SshAvailability availability, SshOptions ssh, JobOwners owners, HostWallet host, ApiOptions options,
    TimeProvider time) : IApiRoutes
{
    /// <summary>The longest body: ten keys, each with the escapes of JSON.</summary>
    private const int MaxBodyBytes = 256 << 10;

    private const string NoJob = "No active job with SSH access";

    public void Map(IEndpointRouteBuilder api, IEndpointRouteBuilder ofOwner)
    {
        api.MapPost("/job/{job}/ssh/authorize", AuthorizeAsync).WithSummary("Let a key reach the job by SSH");
        ofOwner.MapReading("/ssh/keys", Keys).WithSummary("The keys that reach the job by SSH");
        ofOwner.MapDelete("/ssh/keys", RevokeAsync).WithSummary("Revoke a key");
        ofOwner.MapPut("/ssh/keys", ReplaceAsync).WithSummary("Replace the keys that have no end");
    }

    private async Task<IResult> AuthorizeAsync(string job, HttpContext http)
    {
        if (await ReadAsync(http) is not { } body) return Bad("The body is no JSON object.");
        CancellationToken gone = http.RequestAborted;
        if (TextOf(body, "message") is { } message && TextOf(body, "signature") is { } signature)
            return await GrantSignedAsync(job, context => SignedKeyGrant.OfMessage(message, signature, context), StatusCodes.Status401Unauthorized, gone);
        if (TextOf(body, "authorization") is { } authorized)
            return await GrantSignedAsync(job, context => SignedKeyGrant.OfAuthorization(authorized, context), StatusCodes.Status400BadRequest, gone);
        return (await http.AuthenticateAsync(OwnerScheme.Name)).Succeeded ? Grant(job, body) : Results.Challenge(authenticationSchemes: [OwnerScheme.Name]);
    }

    private ApiReply Grant(string job, JsonElement body)
    {
        if (Unavailable(job) is { } unavailable) return unavailable;
        if (!TryReadKey(body, out SshPublicKey? key, out ApiReply? refused)) return refused;
        DateTimeOffset? expiresAt = null;
        if (body.TryGetProperty("expiresAt", out JsonElement end) && end.ValueKind != JsonValueKind.Null)
        {
            if (end.ValueKind != JsonValueKind.String || !UtcTime.TryParse(end.GetString(), out DateTimeOffset parsed) || parsed <= time.GetUtcNow())
                return Bad("expiresAt must be a moment to come, in UTC: 2026-01-31T12:00:00Z.");
            expiresAt = parsed;
        }
        return Apply(() => Granted(job, SshDoor.User, keys.Grant(job, key, expiresAt)));
    }

    private async Task<ApiReply> GrantSignedAsync(string job, Func<SigningContext, SshGrant?> read, int refusal, CancellationToken cancel)
    {
        if (Unavailable(job) is { } unavailable) return unavailable;
        (SigningContext? context, ApiReply? unknown) = await ContextAsync(job, cancel);
        if (context is null) return unknown!;
        if (read(context) is not { } grant) return ApiReply.Error(refusal, "Invalid SSH authorization signature");
        // Without an end of its own such a text is good for as long as the job runs, for whoever has seen it.
        if (options.BoundOnly && grant.ExpiresAt is null) return ApiReply.Error(refusal, AuthorizationFault.Of(AuthorizationFault.BoundOnly));
        return Apply(() => Granted(job, SignedKeyGrant.GatewayUser(job), keys.Grant(job, grant.Key, grant.ExpiresAt)));
    }

    private async Task<(SigningContext? Context, ApiReply? Unknown)> ContextAsync(string job, CancellationToken cancel)
    {
        try
        {
            if (await owners.FindAsync(new Solana.Wallet.PublicKey(job), cancel) is not { } owner)
                return (null, ApiReply.Error(StatusCodes.Status404NotFound, NoJob));
            return (new SigningContext(owner.Project, job, host.Address.Key, ssh.Networks, time.GetUtcNow()), null);
        }
        catch (Exception e) when (e is RpcException or RpcUnavailableException)
        {
            return (null, ApiReply.Error(Authorized.Unknown.Status, Authorized.Unknown.Text));
        }
    }

    private ApiReply Keys(string job)
    {
        if (keys.Of(job) is not { } present) return ApiReply.Error(StatusCodes.Status404NotFound, NoJob);
        return ApiReply.Json(new JsonObject
        {
            ["job"] = job,
            ["sshUser"] = SshDoor.User,
            ["keys"] = new JsonArray([.. present.Select(grant => (JsonNode)Shown(grant))]),
        });
    }

    private async Task<ApiReply> RevokeAsync(string job, HttpContext http)
    {
        if (keys.Of(job) is null) return ApiReply.Error(StatusCodes.Status404NotFound, NoJob);
        if (await ReadAsync(http) is not { } body) return Bad("The body is no JSON object.");
        if (!TryReadKey(body, out SshPublicKey? key, out ApiReply? refused)) return refused;
        return Apply(() =>
        {
            keys.Revoke(job, key);
            return ApiReply.Json(new JsonObject { ["job"] = job, ["sshUser"] = SshDoor.User, ["revoked"] = true });
        });
    }

    private async Task<ApiReply> ReplaceAsync(string job, HttpContext http)
    {
        if (Unavailable(job) is { } unavailable) return unavailable;
        if (await ReadAsync(http) is not { } body || !body.TryGetProperty("publicKeys", out JsonElement list) || list.ValueKind != JsonValueKind.Array)
            return Bad("The body must have the list publicKeys.");
        var replacing = new List<SshPublicKey>();
        foreach (JsonElement item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String || !SshPublicKey.TryParse(item.GetString(), out SshPublicKey? key, out string? fault))
                return Bad($"publicKeys[{replacing.Count}] is no SSH public key.");
            replacing.Add(key);
        }
        return Apply(() =>
        {
            keys.Replace(job, replacing);
            return Keys(job);
        });
    }

    private ApiReply? Unavailable(string job) =>
        !jobs.TryFind(job, out _) ? ApiReply.Error(StatusCodes.Status404NotFound, NoJob)
        : availability.Off is { } off ? ApiReply.Error(StatusCodes.Status503ServiceUnavailable, $"SSH provider unavailable: {off}")
        : null;

    private static ApiReply Apply(Func<ApiReply> change)
    {
        try
        {
            return change();
        }
        catch (SshKeyException e) when (e.Problem == SshKeyProblem.NoJob)
        {
            return ApiReply.Error(StatusCodes.Status404NotFound, NoJob);
        }
        catch (SshKeyException e)
        {
            return Bad(e.Message);
        }
        catch (JournalException)
        {
            return ApiReply.Error(StatusCodes.Status502BadGateway, "The change could not be kept on this host's disk, and was not made.");
        }
    }

    private static ApiReply Granted(string job, string user, SshGrant grant)
    {
        var answer = new JsonObject { ["job"] = job, ["sshUser"] = user, ["authorized"] = true };
        if (grant.ExpiresAt is { } until) answer["expiresAt"] = UtcTime.Write(until);
        return ApiReply.Json(StatusCodes.Status201Created, answer);
    }

    private static JsonObject Shown(SshGrant grant)
    {
        var shown = new JsonObject { ["sshPublicKey"] = grant.Key.ToString() };
        if (grant.ExpiresAt is { } until) shown["expiresAt"] = UtcTime.Write(until);
        return shown;
    }

    private static bool TryReadKey(JsonElement body, [NotNullWhen(true)] out SshPublicKey? key, [NotNullWhen(false)] out ApiReply? refused)
    {
        refused = null;
        if (SshPublicKey.TryParse(TextOf(body, "sshPublicKey"), out key, out string? fault)) return true;
        refused = Bad($"sshPublicKey {fault}.");
        return false;
    }

    private static ApiReply Bad(string sentence) => ApiReply.Error(StatusCodes.Status400BadRequest, sentence);

    private static async Task<JsonElement?> ReadAsync(HttpContext http)
    {
        if (http.Request.ContentLength > MaxBodyBytes) return null;
        http.Request.EnableBuffering(MaxBodyBytes, MaxBodyBytes);
        try
        {
            using JsonDocument document = await JsonDocument.ParseAsync(http.Request.Body, new JsonDocumentOptions { MaxDepth = 8 }, http.RequestAborted);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (Exception e) when (e is JsonException or IOException and not BadHttpRequestException)
        {
            return null;
        }
    }

    private static string? TextOf(JsonElement body, string name)
    {
        try
        {
            return body.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null; // half a character, which is no text
        }
    }
}
