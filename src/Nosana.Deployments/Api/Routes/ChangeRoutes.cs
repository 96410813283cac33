using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Nosana.Deployments.Api.Reading;
using Nosana.Deployments.Model;
using Nosana.Deployments.Store;
using Nosana.Deployments.Strategies;

namespace Nosana.Deployments.Api.Routes;

/// <summary>Changes of what is wished, one field a route. Whatever is live follows by itself: it is looked at as soon as the change is written.</summary>
internal sealed class ChangeRoutes(
    DeploymentStore store, DeploymentEditor editor, IApiChain chain, DeploymentApiOptions options, TimeProvider time) : IApiRoutes
{
    private delegate Deployment Change(Deployment before);

    public void Map(IEndpointRouteBuilder open, IEndpointRouteBuilder ofUser)
    {
        Add(ofUser, "update-name", "name", fields =>
        {
            string? name = fields.Text("name", isRequired: true, least: 1, most: DeploymentFields.MostName);
            return before => before with { Name = name! };
        });
        ofUser.MapPatch(PathValues.Deployment + "/update-replica-count", ReplicasAsync).Answers<JsonObject>("UpdateReplicaCount");
        // What older documentation of the network's client calls it.
        ofUser.MapPatch(PathValues.Deployment + "/update-replicas", ReplicasAsync).ExcludeFromDescription();
        Add(ofUser, "update-timeout", "timeout", fields =>
        {
            TimeSpan? timeout = fields.Minutes("timeout", isRequired: true, DeploymentFields.LeastInfinite, DeploymentFields.MostMinutes);
            return before => before.Strategy == DeploymentStrategy.Infinite && !DeploymentFields.Fits(before.Rotation, timeout!.Value)
                ? throw ApiRefusal.BadRequest(DeploymentFields.RotationSentence)
                : before with { Timeout = timeout!.Value };
        });
        Add(ofUser, "update-rotation-time", "rotation_time", fields =>
        {
            TimeSpan? rotation = fields.Rotation(isRequired: true);
            return before => Of(before, DeploymentStrategy.Infinite, DeploymentFields.Fits(rotation!.Value, before.Timeout)
                ? before with { Rotation = rotation.Value }
                : throw ApiRefusal.BadRequest(DeploymentFields.RotationSentence));
        });
        Add(ofUser, "update-schedule", "schedule", fields =>
        {
            DeploymentSchedule? schedule = fields.Schedule(time.GetUtcNow());
            // The next tick is worked out anew from now.
            return before => Of(before, DeploymentStrategy.Scheduled, before with { Schedule = Kept(fields, schedule!, before.Schedule), NextTick = null });
        });
        Add(ofUser, "update-market", "market", fields =>
        {
            string? market = fields.Address("market", isRequired: true);
            return before => before with { Market = market! };
        });
        Add(ofUser, "update-requirements", "requirements", fields =>
        {
            IReadOnlyDictionary<string, JsonElement>? requirements = fields.Requirements(isRequired: true);
            return before => before with { Requirements = requirements };
        });
        Add(ofUser, "update-allowed-hosts", "allowed_hosts", fields =>
        {
            IReadOnlyList<string>? hosts = fields.Addresses("allowed_hosts", isRequired: true, DeploymentFields.MostHosts);
            return before => before with { AllowedHosts = hosts! };
        });
        Add(ofUser, "update-denied-hosts", "denied_hosts", fields =>
        {
            IReadOnlyList<string>? hosts = fields.Addresses("denied_hosts", isRequired: true, DeploymentFields.MostHosts);
            return before => before with { DeniedHosts = hosts! };
        });
        ofUser.MapPatch(PathValues.Deployment + "/update-startup-timeout", StartupTimeoutAsync).Answers<JsonObject>("UpdateStartupTimeout");
    }

    private void Add(IEndpointRouteBuilder routes, string path, string field, Func<Fields, Change> read) =>
        routes.MapPatch($"{PathValues.Deployment}/{path}", async (HttpContext http, string deployment) =>
        {
            string id = PathValues.Id(deployment);
            using JsonDocument body = await JsonBody.ReadAsync(http);
            var fields = new Fields(body.RootElement, FaultForm.Body);
            Change change = read(fields);
            if (field == "market" && !fields.Faults.Any
                && !await chain.IsMarketAsync(body.RootElement.GetProperty(field).GetString()!.Trim(), http.RequestAborted))
                fields.Faults.Add(field, "the address of a market");
            fields.Faults.Throw();
            Deployment changed = await editor.ChangeAsync(
                id, http.Caller(), (Deployment before) => change(before), OwnerEvents.Changed, $"The owner changed {field}.", http.RequestAborted);
            return Answer(changed, field);
        }).Answers<JsonObject>(string.Concat(path.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..])));

    private async Task<IResult> ReplicasAsync(HttpContext http, string deployment)
    {
        string id = PathValues.Id(deployment);
        using JsonDocument body = await JsonBody.ReadAsync(http);
        var fields = new Fields(body.RootElement, FaultForm.Body);
        int? read = fields.Whole("replicas", isRequired: true, 0, options.MostReplicas);
        fields.Faults.Throw();
        int replicas = read!.Value;
        Deployment changed = await editor.ChangeAsync(
            id, http.Caller(),
            (DeploymentSnapshot before) => before.Deployment with
            {
                Replicas = replicas,
                Quota = SimpleStrategy.QuotaFor(before.Deployment, before.Jobs, replicas),
            },
            OwnerEvents.Changed, string.Create(CultureInfo.InvariantCulture, $"The owner changed replicas to {replicas}."), http.RequestAborted);
        return Answer(changed, "replicas");
    }

    private async Task<IResult> StartupTimeoutAsync(HttpContext http, string deployment)
    {
        string id = PathValues.Id(deployment);
        using JsonDocument body = await JsonBody.ReadAsync(http);
        var fields = new Fields(body.RootElement, FaultForm.Body);
        TimeSpan? timeout = fields.StartupTimeout(isRequired: true);
        fields.Faults.Throw();
        Deployment before = await editor.FindAsync(id, http.Caller(), http.RequestAborted);
        if (timeout is not null && !await ExposesAsync(before, http.RequestAborted))
            throw ApiRefusal.BadRequest("A startup timeout needs an operation that exposes a port.");
        Deployment changed = await editor.ChangeAsync(
            id, http.Caller(), (Deployment now) => Of(now, DeploymentStrategy.Infinite, now with { StartupTimeout = timeout }),
            OwnerEvents.Changed, "The owner changed startup_timeout.", http.RequestAborted);
        return Answer(changed, "startup_timeout");
    }

    private async Task<bool> ExposesAsync(Deployment deployment, CancellationToken cancellationToken) =>
        await store.FindRevisionAsync(deployment.Id, deployment.ActiveRevision, cancellationToken) is { } revision
        && DefinitionField.Exposes(revision.Definition);

    private static Deployment Of(Deployment before, DeploymentStrategy strategy, Deployment after) =>
        before.Strategy == strategy ? after : throw ApiRefusal.BadRequest(DeploymentEditor.WrongStrategy);

    // The network's clients send the expression alone: what else was wished stays.
    private static DeploymentSchedule Kept(Fields fields, DeploymentSchedule given, DeploymentSchedule? before) => before is null ? given : given with
    {
        TimeZone = fields.Has("time_zone", out _) ? given.TimeZone : before.TimeZone,
        Overlap = fields.Has("overlap", out _) ? given.Overlap : before.Overlap,
        StartingDeadline = fields.Has("starting_deadline", out _) ? given.StartingDeadline : before.StartingDeadline,
    };

    private static ApiReply Answer(Deployment changed, string field)
    {
        JsonObject view = JsonSerializer.SerializeToNode(Views.DeploymentView.Of(changed, [], 0, 0), ApiJson.Options)!.AsObject();
        var answer = new JsonObject { [field] = Take(view, field), ["updated_at"] = Take(view, "updated_at") };
        if (field == "schedule")
        {
            foreach (string more in (string[])["time_zone", "overlap", "starting_deadline"])
                if (Take(view, more) is { } value) answer[more] = value;
        }
        // A view leaves out a list of nothing; here it is what was asked for.
        if (field is "allowed_hosts" or "denied_hosts") answer[field] ??= new JsonArray();
        return ApiReply.Ok(answer);
    }

    private static JsonNode? Take(JsonObject from, string field) => from[field]?.DeepClone();
}
