using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Nosana.Deployments.Api.Reading;
using Nosana.Deployments.Api.Views;
using Nosana.Deployments.Model;
using Nosana.Deployments.Store;
using Nosana.Deployments.Vaults;
using Nosana.Solana.Wallet;
using Nosana.Solana.Wallet.Utilities;

namespace Nosana.Deployments.Api.Routes;

/// <summary>Vaults of an owner: made, listed, emptied; what they hold and how long it lasts; and words that one of them signs.</summary>
internal sealed class VaultRoutes(DeploymentStore store, DeploymentEditor editor, VaultKeeper vaults, IApiChain chain, TimeProvider time) : IApiRoutes
{
    private const string Tag = "Deployments Vaults", NoVault = "Vault not found.", DefaultMessage = "DEPLOYMENT_HEADER";
    private const int MostCharacters = 256;

    public void Map(IEndpointRouteBuilder open, IEndpointRouteBuilder ofUser)
    {
        ofUser.MapGet("/deployments/vaults", (Delegate)ListAsync).Answers<IReadOnlyList<VaultView>>("ListVaults", Tag);
        ofUser.MapPost("/deployments/vaults/create", (Delegate)CreateAsync).Answers<VaultView>("CreateVault", Tag);
        ofUser.MapGet("/deployments/vaults/{vault}/balance", BalanceAsync).Answers<BalanceView>("GetVaultBalance", Tag);
        ofUser.MapPost("/deployments/vaults/{vault}/withdraw", WithdrawAsync).Answers<WithdrawalView>("WithdrawFromVault", Tag);
        ofUser.MapGet(PathValues.Deployment + "/header", HeaderAsync).Answers<HeaderView>("GetDeploymentHeader");
        ofUser.MapGet(PathValues.Deployment + "/costs", CostsAsync).Answers<CostsView>("GetDeploymentCosts");
    }

    private async Task<IResult> ListAsync(HttpContext http) =>
        ApiReply.Ok((await vaults.ListAsync(http.Caller(), http.RequestAborted)).Select(VaultView.Of).ToArray());

    // The network's clients send nothing, and get the one they have.
    private async Task<IResult> CreateAsync(HttpContext http)
    {
        var query = new Query(http);
        bool isNew = query.Flag("new");
        query.Throw();
        string owner = http.Caller();
        VaultRecord vault = isNew ? await vaults.CreateAsync(owner, http.RequestAborted) : await vaults.GetOrCreateAsync(owner, http.RequestAborted);
        return ApiReply.Ok(VaultView.Of(vault));
    }

    private async Task<IResult> BalanceAsync(HttpContext http, string vault)
    {
        VaultRecord found = await FindAsync(http, vault);
        Funds funds = await chain.FundsAsync(found.Vault, http.RequestAborted);
        return ApiReply.Ok(new BalanceView(found.Vault, Text(funds.Nos), Text(funds.Sol)));
    }

    private async Task<IResult> WithdrawAsync(HttpContext http, string vault)
    {
        VaultRecord found = await FindAsync(http, vault);
        if (found.IsApiKey) throw ApiRefusal.BadRequest("Cannot withdraw from a vault containing a Nosana API key.");
        using Account account = await vaults.OpenAsync(found.Vault, http.RequestAborted) ?? throw ApiRefusal.NotFound(NoVault);
        string transaction = await chain.WithdrawAsync(account, found.Owner, http.RequestAborted)
            ?? throw ApiRefusal.Conflict("Vault has no funds to withdraw.");
        return ApiReply.Ok(new WithdrawalView(transaction));
    }

    // Hosts take a job's routes from whoever signs as its project, which is the vault.
    private async Task<IResult> HeaderAsync(HttpContext http, string deployment)
    {
        var query = new Query(http);
        bool isTimed = query.Flag("includeTime");
        string message = query.Text("message") ?? DefaultMessage;
        // Printable, so that it can be no transaction; without a colon, which ends it.
        if (message.Length is 0 or > MostCharacters || message.Any(c => c is < ' ' or > '~' or ':'))
            query.Refuse("message", $"1 to {MostCharacters} printable characters without a colon");
        query.Throw();
        Deployment of = await editor.FindAsync(PathValues.Id(deployment), http.Caller(), http.RequestAborted);
        using Account account = await vaults.OpenAsync(of.Vault, http.RequestAborted)
            ?? throw ApiRefusal.Conflict("The vault of this deployment is an API key, which signs nothing.");
        string header = $"{message}:{Encoders.Base58.EncodeData(account.Sign(Encoding.UTF8.GetBytes(message)))}";
        if (isTimed) header = string.Create(CultureInfo.InvariantCulture, $"{header}:{time.GetUtcNow().ToUnixTimeMilliseconds()}");
        return ApiReply.Ok(new HeaderView(header));
    }

    private async Task<IResult> CostsAsync(HttpContext http, string deployment)
    {
        DeploymentSnapshot snapshot = await editor.ReadAsync(PathValues.Id(deployment), http.Caller(), http.RequestAborted);
        Deployment of = snapshot.Deployment;
        DateTimeOffset now = time.GetUtcNow();
        Prices prices = await chain.PricesAsync(of.Market, http.RequestAborted) ?? throw ApiRefusal.NotFound("Market not found.");
        Funds there = await chain.FundsAsync(of.Vault, http.RequestAborted);
        Forecast forecast = Forecast.Of(of, snapshot.Jobs, prices, there, now);
        var page = new PageRequest(100);
        var filter = new JobFilter(of.Id);
        UInt128 cost = 0;
        for (Page<DeploymentJob>? jobs = await store.ListJobsAsync(filter, page, http.RequestAborted); jobs is not null;
            jobs = jobs.Next is null ? null : await store.ListJobsAsync(filter, page with { Cursor = jobs.Next }, http.RequestAborted))
            cost += Forecast.CostSoFar(jobs.Items, now);
        return ApiReply.Ok(new CostsView(
            Text(cost), Text(forecast.BurnPerHour.Nos), Text(forecast.BurnPerHour.Sol), Text(there.Nos), Text(there.Sol), forecast.Until,
            forecast.TimeLeft(now)?.TotalSeconds));
    }

    private async Task<VaultRecord> FindAsync(HttpContext http, string vault) =>
        await store.FindVaultAsync(PathValues.Address("vault", vault), http.RequestAborted) is { } found && found.Owner == http.Caller()
            ? found
            : throw ApiRefusal.NotFound(NoVault);

    private static string Text(UInt128 amount) => amount.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Base64; its fee payer, the owner, has yet to sign it.</summary>
internal sealed record WithdrawalView(string Transaction);

/// <summary>An authorization that the vault has signed.</summary>
internal sealed record HeaderView(string Header);

/// <summary>Micro-NOS and lamports, as texts: a number of JavaScript holds no more than 2^53.</summary>
internal sealed record BalanceView(string Vault, string MicroNos, string Lamports);

/// <summary>Micro-NOS and lamports, as texts.</summary>
/// <param name="MicroNos">What all jobs have cost so far.</param>
/// <param name="FundedUntil">When the vault cannot pay for what is next; unset when it can for ever, or nothing comes.</param>
/// <param name="SecondsLeft">The same, from now.</param>
internal sealed record CostsView(
    string MicroNos, string MicroNosPerHour, string LamportsPerHour, string VaultMicroNos, string VaultLamports, DateTimeOffset? FundedUntil,
    double? SecondsLeft);
