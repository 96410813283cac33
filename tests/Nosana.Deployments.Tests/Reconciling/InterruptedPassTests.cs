using System.Globalization;
using Nosana.Deployments.Model;
using Nosana.Deployments.Reconciling;
using Nosana.Deployments.Store;
using Nosana.Deployments.Tests.Store;

namespace Nosana.Deployments.Tests.Reconciling;

/// <summary>A deployment's life (two jobs listed, one taken and extended, one given back, stopped, started and stopped again), interrupted at each instant in turn.</summary>
public sealed class InterruptedPassTests
{
    [Fact]
    public async Task Kill_AtEachInstant_NothingIsListedTwiceAndNothingIsLost()
    {
        int instants = 0;
        for (bool isKilled = true; isKilled;)
        {
            int left = ++instants;
            await LiveAsync(Cross, Cross);
            isKilled = left <= 0;

            void Cross(Scene _)
            {
                if (--left == 0) throw new KilledException();
            }
        }
        Assert.True(instants > 40, string.Create(CultureInfo.InvariantCulture, $"only {instants} instants"));
    }

    /// <summary>Another process writes the deployment at each instant: whoever has an older version writes nothing.</summary>
    [Fact]
    public async Task Overtaken_AtEachInstant_NothingIsDoneTwice()
    {
        int instants = 0;
        for (bool isOvertaken = true; isOvertaken;)
        {
            int left = ++instants;
            await LiveAsync(
                scene =>
                {
                    if (--left == 0) scene.Store.WakeAsync([scene.Id], Scene.Stop).GetAwaiter().GetResult();
                },
                _ => { });
            isOvertaken = left <= 0;
        }
        Assert.True(instants > 20, string.Create(CultureInfo.InvariantCulture, $"only {instants} instants"));
    }

    [Theory, Both]
    public async Task TwoProcesses_LookAtTheSameTime_ListEachReplicaOnce(Database kind)
    {
        await using Scene scene = await Scene.StartedAsync(replicas: 3, kind: kind);
        DeploymentReconciler[] processes = [.. Enumerable.Range(0, 3).Select(_ => scene.NewProcess(scene.AnotherStore()))];
        for (int round = 0; round < 10; round++)
            await Task.WhenAll(processes.Select(process => Task.Run(() => process.LookAsync(scene.Id, Scene.Stop), Scene.Stop)));
        await scene.SettleAsync();

        Assert.Equal(3, scene.Chain.Listings.Count);
        Assert.Equal(3, (await scene.JobsAsync()).Count);
        Assert.Empty(await scene.TargetsAsync());
    }

    private static async Task LiveAsync(Action<Scene> onChain, Action<Scene> onSaved)
    {
        await using Scene scene = await Scene.StartedAsync(DeploymentStrategy.SimpleExtend, replicas: 2);
        ulong before = scene.Chain.Nos;
        scene.Chain.Crossed = _ => onChain(scene);
        // As the store tells that it has written: a kill right after.
        bool isOwner = false;
        scene.Store.Saved += _ =>
        {
            if (!isOwner) onSaved(scene);
        };

        await GoOnAsync();
        Assert.Equal(2, scene.Chain.Listings.Count);
        scene.Chain.Take(scene.Chain.Listings[0]);
        await GoOnAsync();
        scene.Time.Advance(TimeSpan.FromMinutes(56));
        await GoOnAsync();
        Assert.Equal(3 * 3600 * FakeChain.Price, scene.Chain.Deposits);
        scene.Chain.Take(scene.Chain.Listings[1]);
        scene.Chain.Quit(scene.Chain.Listings[1]);
        await GoOnAsync();
        Assert.Equal(2 * 3600 * FakeChain.Price, scene.Chain.Deposits);
        await OwnerAsync(Trigger.Stop);
        Assert.Equal(DeploymentStatus.Stopped, (await scene.DeploymentAsync()).Status);
        await OwnerAsync(Trigger.Start);
        await OwnerAsync(Trigger.Stop);

        Assert.Equal(DeploymentStatus.Stopped, (await scene.DeploymentAsync()).Status);
        Assert.Null((await scene.DeploymentAsync()).NextAt);
        Assert.Equal(4, scene.Chain.Listings.Distinct().Count());
        Assert.Equal(4, scene.Chain.Listings.Count);
        Assert.Equal(4, (await scene.JobsAsync()).Count);
        Assert.Equal(0UL, scene.Chain.Deposits);
        Assert.Equal(before - 56 * 60 * FakeChain.Price, scene.Chain.Nos);
        Assert.Empty(await scene.TargetsAsync());

        async Task OwnerAsync(Trigger trigger)
        {
            isOwner = true;
            await scene.TriggerAsync(trigger);
            isOwner = false;
            await GoOnAsync();
        }

        async Task GoOnAsync()
        {
            for (int look = 0; look < 20; look++)
            {
                try
                {
                    if (await scene.LookAsync() == PassResult.Done) return;
                }
                catch (KilledException)
                {
                    scene.Restart();
                }
            }
        }
    }
}
