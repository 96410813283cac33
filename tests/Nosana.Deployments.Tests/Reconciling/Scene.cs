using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Deployments.Model;
using Nosana.Deployments.Reconciling;
using Nosana.Deployments.Store;
using Nosana.Deployments.Tests.Store;
using Nosana.Solana.Wallet;

namespace Nosana.Deployments.Tests.Reconciling;

/// <summary>One deployment in a store on disk, and a chain in memory. A new reconciler is a new process.</summary>
internal sealed class Scene : IAsyncDisposable
{
    private readonly TestStore _test;
    private DeploymentReconciler _reconciler;

    private Scene(TestStore test, string id)
    {
        _test = test;
        Id = id;
        Chain = new FakeChain(test.Time);
        _reconciler = NewProcess(Store);
    }

    public FakeChain Chain { get; }

    public string Id { get; }

    public DeploymentStore Store => _test.Store;

    public Nosana.Testing.ManualTimeProvider Time => _test.Time;

    public static CancellationToken Stop => TestStore.Stop;

    public static async Task<Scene> StartedAsync(
        DeploymentStrategy strategy = DeploymentStrategy.Simple, int replicas = 1, int minutes = 60, Func<Deployment, Deployment>? with = null, Database kind = Database.Sqlite)
    {
        TestStore test = await TestStore.OpenAsync(kind);
        Deployment made = TestStore.New() with
        {
            Market = FakeChain.Market,
            Vault = new Account().PublicKey.Key,
            Strategy = strategy,
            Replicas = replicas,
            Timeout = TimeSpan.FromMinutes(minutes),
        };
        await test.Store.CreateAsync(with?.Invoke(made) ?? made, "{}", null, [], Stop);
        var scene = new Scene(test, made.Id);
        await scene.TriggerAsync(Trigger.Start);
        return scene;
    }

    public DeploymentReconciler NewProcess(DeploymentStore store) =>
        new(store, Chain, Chain, Time, new ReconcilingOptions(), NullLogger<DeploymentReconciler>.Instance);

    public DeploymentStore AnotherStore() => new(_test.OpenAnother(), Time);

    public void Restart() => _reconciler = NewProcess(Store);

    public async Task TriggerAsync(Trigger trigger) => await ChangeAsync(deployment => deployment with
    {
        Status = Transitions.Find(deployment.Status, trigger)!.Value,
        Run = trigger == Trigger.Start ? deployment.Run + 1 : deployment.Run,
        Rapid = trigger == Trigger.Start ? RapidRounds.None : deployment.Rapid,
    });

    public async Task ChangeAsync(Func<Deployment, Deployment> change) =>
        Assert.NotNull(await Store.TrySaveAsync(new DeploymentChange(change(await DeploymentAsync()) with { NextAt = Time.GetUtcNow() }) { IsOwners = true }, Stop));

    public Task<PassResult> LookAsync() => _reconciler.LookAsync(Id, Stop);

    /// <summary>Looks until nothing is left to be done now.</summary>
    public async Task<Scene> SettleAsync()
    {
        for (int looks = 0; looks < 50; looks++)
            if (await LookAsync() == PassResult.Done) return this;
        throw new InvalidOperationException("it never comes to rest");
    }

    public async Task<Scene> AfterAsync(TimeSpan time)
    {
        Time.Advance(time);
        return await SettleAsync();
    }

    public async Task<Deployment> DeploymentAsync() => (await Store.FindAsync(Id, Stop))!;

    public async Task<IReadOnlyList<DeploymentJob>> JobsAsync() => (await Store.ListJobsAsync(new JobFilter(Id), new PageRequest(100), Stop)).Items;

    public async Task<DeploymentJob> JobAsync() => Assert.Single(await JobsAsync());

    public async Task<IReadOnlyList<ChainTarget>> TargetsAsync() => (await Store.ReadAsync(Id, Stop))!.Targets;

    public async Task<IReadOnlyList<string>> EventsAsync() => [.. (await Store.EventsAfterAsync(Id, 0, cancellationToken: Stop)).Select(one => one.Type)];

    public ValueTask DisposeAsync() => _test.DisposeAsync();
}
