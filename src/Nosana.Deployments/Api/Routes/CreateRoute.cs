using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Nosana.Deployments.Api.Reading;
using Nosana.Deployments.Api.Views;
using Nosana.Deployments.Model;
using Nosana.Deployments.Store;
using Nosana.Deployments.Vaults;
using Nosana.JobDefinition;
using Nosana.Solana.Wallet;

namespace Nosana.Deployments.Api.Routes;

/// <summary>Makes a deployment, started at once if wished: in one write, so that nothing is ever half made.</summary>
internal sealed class CreateRoute(
    DeploymentStore store, VaultKeeper vaults, IApiChain chain, EndpointTable endpoints, DeploymentApiOptions options, TimeProvider time) : IApiRoutes
{
    public void Map(IEndpointRouteBuilder open, IEndpointRouteBuilder ofUser) =>
        ofUser.MapPost("/deployments/create", (Delegate)CreateAsync).Answers<DeploymentView>("CreateDeployment");

    private async Task<IResult> CreateAsync(HttpContext http)
    {
        string owner = http.Caller();
        using JsonDocument body = await JsonBody.ReadAsync(http);
        var fields = new Fields(body.RootElement, FaultForm.Create);
        Wish wish = Read(fields);
        // Asked only about what can be one, and said together with all else that is wrong.
        if (wish.Market is { } market && !await chain.IsMarketAsync(market, http.RequestAborted)) fields.Faults.Add("market", "the address of a market");
        fields.Faults.Throw();

        using var id = new Account();
        var deployment = new Deployment
        {
            Id = id.PublicKey.Key,
            Name = wish.Name!,
            Owner = owner,
            Market = wish.Market!,
            Status = DeploymentStatus.Draft,
            Strategy = wish.Strategy!.Value,
            Replicas = wish.Replicas!.Value,
            Timeout = wish.Timeout!.Value,
            Schedule = wish.Schedule,
            Rotation = wish.Rotation ?? Deployment.DefaultRotation,
            Confidential = wish.IsConfidential ?? options.IsConfidentialByDefault,
            StartupTimeout = wish.StartupTimeout,
            Requirements = wish.Requirements,
            AllowedHosts = wish.AllowedHosts ?? [],
            DeniedHosts = wish.DeniedHosts ?? [],
            SshPublicKeys = wish.SshKeys ?? [],
            IdempotencyKey = wish.IdempotencyKey,
        };
        if (wish.IdempotencyKey is { } key && await EarlierAsync(owner, key, http.RequestAborted) is { } earlier) return Twice(earlier);
        deployment = deployment with { Vault = await VaultAsync(owner, wish, http.RequestAborted) };
        if (wish.IsAutostart == true) deployment = Started(deployment) with { NextAt = time.GetUtcNow() };
        string definition = DefinitionField.Complete(wish.Definition, deployment.Id);
        DeploymentEvent told = OwnerEvents.Of(owner, OwnerEvents.Created, $"The owner made it, {Words.Of(deployment.Status)}.");
        CreatedDeployment created = await store.CreateAsync(deployment, definition, null, [told], http.RequestAborted);
        return created.IsNew
            ? ApiReply.Ok(DeploymentView.Of(created.Deployment, endpoints.Of(created.Deployment, definition), 0, 0))
            : Twice(created.Deployment.Id);
    }

    /// <summary>A start: what belongs to an earlier one is none of this one's. One that waits for money goes on as it was.</summary>
    public static Deployment Started(Deployment before)
    {
        DeploymentStatus to = Transitions.Find(before.Status, Trigger.Start) ?? throw ApiRefusal.Conflict(DeploymentEditor.WrongState);
        return before.Status == DeploymentStatus.InsufficientFunds
            ? before with { Status = to }
            : before with { Status = to, Run = before.Run + 1, Quota = null, NextTick = null, Rapid = RapidRounds.None };
    }

    private Wish Read(Fields fields)
    {
        DeploymentStrategy? strategy = fields.Word("strategy", isRequired: true, Words.Strategies);
        bool isInfinite = strategy == DeploymentStrategy.Infinite;
        var wish = new Wish
        {
            Name = fields.Text("name", isRequired: true, most: DeploymentFields.MostName),
            Market = fields.Address("market", isRequired: true),
            Replicas = fields.Whole("replicas", isRequired: true, 1, options.MostReplicas),
            Timeout = fields.Minutes("timeout", isRequired: true, isInfinite ? DeploymentFields.LeastInfinite : 1, DeploymentFields.MostMinutes),
            Strategy = strategy,
            Schedule = strategy == DeploymentStrategy.Scheduled ? fields.Schedule(time.GetUtcNow()) : null,
            Rotation = isInfinite && !IsZero(fields, "rotation_time") ? fields.Rotation(isRequired: false) : null,
            IsConfidential = fields.Flag("confidential"),
            IsAutostart = fields.Flag("autostart"),
            Vault = fields.Has("vault", out _) ? fields.Address("vault", isRequired: false) : null,
            IsNewVault = fields.Flag("new_vault"),
            StartupTimeout = isInfinite ? fields.StartupTimeout(isRequired: false) : null,
            Requirements = fields.Requirements(isRequired: false),
            AllowedHosts = fields.Addresses("allowed_hosts", isRequired: false, DeploymentFields.MostHosts),
            DeniedHosts = fields.Addresses("denied_hosts", isRequired: false, DeploymentFields.MostHosts),
            SshKeys = fields.SshKeys(isRequired: false),
            IdempotencyKey = fields.Text("idempotency_key", least: 1),
        };
        if (wish is { Timeout: { } timeout } && isInfinite && !DeploymentFields.Fits(wish.Rotation ?? Deployment.DefaultRotation, timeout))
            fields.Faults.Add("rotation_time", "at least 10 minutes less than timeout");
        if (fields.Has("vault", out _) && wish.IsNewVault == true) fields.Faults.Add("vault", "absent where new_vault is true");
        if (!fields.Has("job_definition", out JsonElement definition))
        {
            fields.Faults.Add("job_definition", "object");
            return wish;
        }
        LoadedDefinition? loaded = DefinitionField.Check(definition, "job_definition", fields.Faults);
        if (wish.StartupTimeout is not null && loaded is { IsValid: true } && !DefinitionField.Exposes(loaded.Definition))
            fields.Faults.Add("startup_timeout", "absent where no operation exposes a port");
        return wish with { Definition = definition };
    }

    private async Task<string> VaultAsync(string owner, Wish wish, CancellationToken cancellationToken)
    {
        if (wish.IsNewVault == true) return (await vaults.CreateAsync(owner, cancellationToken)).Vault;
        if (wish.Vault is null) return (await vaults.GetOrCreateAsync(owner, cancellationToken)).Vault;
        return wish.Vault != owner && await store.FindVaultAsync(wish.Vault, cancellationToken) is { IsApiKey: false } vault && vault.Owner == owner
            ? vault.Vault
            : throw ApiRefusal.NotFound("Vault not found.");
    }

    // The network's word for the default.
    private static bool IsZero(Fields fields, string name) =>
        fields.Has(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out decimal number) && number == 0;

    // Before a vault is made for it.
    private async Task<string?> EarlierAsync(string owner, string key, CancellationToken cancellationToken)
    {
        var filter = new DeploymentFilter { Owner = owner, IdempotencyKey = key };
        return (await store.ListAsync(filter, new PageRequest(1), cancellationToken)).Items is [{ } earlier, ..] ? earlier.Id : null;
    }

    private static ApiReply Twice(string id) =>
        ApiReply.Json(StatusCodes.Status409Conflict, new TwiceBody("A deployment with this idempotency_key exists already.", id));

    private sealed record TwiceBody(string Error, string Id);

    private sealed record Wish
    {
        public string? Name { get; init; }

        public string? Market { get; init; }

        public int? Replicas { get; init; }

        public TimeSpan? Timeout { get; init; }

        public DeploymentStrategy? Strategy { get; init; }

        public DeploymentSchedule? Schedule { get; init; }

        public TimeSpan? Rotation { get; init; }

        public bool? IsConfidential { get; init; }

        public bool? IsAutostart { get; init; }

        public string? Vault { get; init; }

        public bool? IsNewVault { get; init; }

        public TimeSpan? StartupTimeout { get; init; }

        public IReadOnlyDictionary<string, JsonElement>? Requirements { get; init; }

        public IReadOnlyList<string>? AllowedHosts { get; init; }

        public IReadOnlyList<string>? DeniedHosts { get; init; }

        public IReadOnlyList<string>? SshKeys { get; init; }

        public string? IdempotencyKey { get; init; }

        public JsonElement Definition { get; init; }
    }
}
