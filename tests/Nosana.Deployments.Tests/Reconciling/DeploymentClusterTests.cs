using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Nosana.Deployments.Chain;
using Nosana.Deployments.Model;
using Nosana.Deployments.Reconciling;
using Nosana.Deployments.Reconciling.Cluster;
using Nosana.Deployments.Store;
using Nosana.Deployments.Tests.Store;
using Nosana.Solana.Wallet;
using Nosana.Testing;
using Npgsql;

namespace Nosana.Deployments.Tests.Reconciling;

/// <summary>The real cluster, of this process alone and of two, over a real store; the chain is in memory.</summary>
public sealed class DeploymentClusterTests
{
    private const int Deployments = 20;

    [Fact]
    public async Task Alone_DueDeployments_AreEachListedOnce()
    {
        await using TestStore test = await TestStore.OpenAsync(Database.Sqlite);
        var chain = new FakeChain(TimeProvider.System);
        var store = new DeploymentStore(test.Database, TimeProvider.System);
        using IHost host = NewHost(store, chain, new ClusterOptions());
        await host.StartAsync(TestStore.Stop);
        await StartAsync(store);

        await ListedAsync(store, chain);
        // Long before anybody would look by himself.
        foreach (string job in chain.Listings.ToArray()) chain.Take(job);
        await Eventually.BecomesAsync(
            async () => (await store.CountJobsAsync([.. (await AllAsync(store)).Select(one => one.Id)], TestStore.Stop)).Where(one => one.Key.State == JobState.Running).Sum(one => one.Value),
            Deployments);
        await host.StopAsync(TestStore.Stop);
    }

    [Fact]
    public async Task TwoProcesses_OnPostgres_ListEachOnceAndOneGoesOnAlone()
    {
        await using TestStore test = await TestStore.OpenAsync(Database.Postgres);
        var chain = new FakeChain(TimeProvider.System);
        var store = new DeploymentStore(test.Database, TimeProvider.System);
        var cluster = new ClusterOptions { Postgres = test.Connection };
        using IHost first = NewHost(new DeploymentStore(test.OpenAnother(), TimeProvider.System), chain, cluster);
        using IHost second = NewHost(new DeploymentStore(test.OpenAnother(), TimeProvider.System), chain, cluster);
        await Task.WhenAll(first.StartAsync(TestStore.Stop), second.StartAsync(TestStore.Stop));
        await StartAsync(store);
        await ListedAsync(store, chain);

        await first.StopAsync(TestStore.Stop);
        foreach (Deployment deployment in await AllAsync(store))
        {
            // Whoever writes between the two reads is overtaken.
            await Eventually.BecomesAsync(async () => await store.FindAsync(deployment.Id, TestStore.Stop) is { } now
                && await store.TrySaveAsync(new DeploymentChange(now with { Status = Transitions.Find(now.Status, Trigger.Stop)!.Value, NextAt = DateTimeOffset.UtcNow }), TestStore.Stop) is not null, true);
        }
        await Eventually.BecomesAsync(async () => (await AllAsync(store)).All(one => one.Status == DeploymentStatus.Stopped), true);
        await second.StopAsync(TestStore.Stop);

        Assert.Equal(0UL, chain.Deposits);
        Assert.Equal(Deployments, chain.Listings.Count);
    }

    /// <summary>As at each start: tables that are there are left alone.</summary>
    [Fact]
    public async Task Schema_MadeTwiceAtOnce_IsThereOnce()
    {
        await using TestStore test = await TestStore.EmptyAsync(Database.Postgres);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ClusterSchema.EnsureAsync(test.Connection, TestStore.Stop)));
        await ClusterSchema.EnsureAsync(test.Connection, TestStore.Stop);

        await using NpgsqlDataSource source = NpgsqlDataSource.Create(test.Connection);
        await using NpgsqlCommand count = source.CreateCommand("SELECT count(*) FROM OrleansQuery");
        Assert.Equal(9L, await count.ExecuteScalarAsync(TestStore.Stop));
    }

    private static IHost NewHost(DeploymentStore store, FakeChain chain, ClusterOptions cluster)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.AddSingleton(store).AddSingleton<IDeploymentChain>(chain).AddSingleton<IJobDocuments>(chain).AddSingleton(TimeProvider.System);
        builder.UseDeploymentCluster(cluster, new ReconcilingOptions());
        return builder.Build();
    }

    private static async Task StartAsync(DeploymentStore store)
    {
        for (int i = 0; i < Deployments; i++)
        {
            await store.CreateAsync(TestStore.New() with
            {
                Market = FakeChain.Market,
                Vault = new Account().PublicKey.Key,
                Status = DeploymentStatus.Starting,
                Run = 1,
                NextAt = DateTimeOffset.UtcNow,
            }, "{}", null, [], TestStore.Stop);
        }
    }

    private static async Task ListedAsync(DeploymentStore store, FakeChain chain)
    {
        await Eventually.BecomesAsync(async () => chain.Listings.Count >= Deployments && (await AllAsync(store)).All(one => one.Status == DeploymentStatus.Running), true);
        Assert.Equal(Deployments, chain.Listings.Distinct().Count());
        Assert.Equal(Deployments, chain.Listings.Count);
    }

    private static async Task<IReadOnlyList<Deployment>> AllAsync(DeploymentStore store) =>
        (await store.ListAsync(new DeploymentFilter(), new PageRequest(100), TestStore.Stop)).Items;
}
