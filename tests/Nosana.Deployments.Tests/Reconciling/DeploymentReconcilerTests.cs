using Nosana.Deployments.Chain;
using Nosana.Deployments.Model;
using Nosana.Deployments.Reconciling;
using Nosana.Deployments.Store;
using Nosana.Deployments.Strategies;
using Nosana.Solana.Wallet;

namespace Nosana.Deployments.Tests.Reconciling;

public sealed class DeploymentReconcilerTests
{
    private const ulong HourDeposit = 3600 * FakeChain.Price;

    [Fact]
    public async Task Simple_Started_ListsEachReplicaOnceWithTheExactDeposit()
    {
        await using Scene scene = await Scene.StartedAsync(replicas: 3);
        await scene.SettleAsync();

        Assert.Equal(3, scene.Chain.Listings.Distinct().Count());
        Assert.Equal(3, scene.Chain.Listings.Count);
        Assert.Equal(3 * HourDeposit, scene.Chain.Deposits);
        Assert.Equal(DeploymentStatus.Running, (await scene.DeploymentAsync()).Status);
        Assert.All(await scene.JobsAsync(), job =>
        {
            Assert.Equal(JobState.Queued, job.State);
            Assert.NotNull(job.Tx);
            Assert.Null(job.ListingSeeds);
        });
        Assert.Equal(3, (await scene.EventsAsync()).Count(type => type == EventTypes.ListConfirmed));
        Assert.Empty(await scene.TargetsAsync());
    }

    [Fact]
    public async Task Simple_JobsFinish_DeploymentStopsAndIsNotDueAgain()
    {
        await using Scene scene = await Scene.StartedAsync();
        await scene.SettleAsync();
        string job = scene.Chain.Listings[0];
        scene.Chain.Take(job);
        await scene.AfterAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(JobState.Running, (await scene.JobAsync()).State);
        scene.Chain.Finish(job);
        await scene.AfterAsync(TimeSpan.FromMinutes(1));

        DeploymentJob ended = await scene.JobAsync();
        Assert.Equal((JobState.Completed, EndReason.Finished, TimeSpan.FromMinutes(1)), (ended.State, ended.Reason, ended.RanFor));
        Deployment deployment = await scene.DeploymentAsync();
        Assert.Equal((DeploymentStatus.Stopped, null), (deployment.Status, deployment.NextAt));
        Assert.Single(scene.Chain.Listings);
    }

    [Fact]
    public async Task Stop_QueuedAndRunning_DelistsTheOneAndEndsTheOther()
    {
        await using Scene scene = await Scene.StartedAsync(replicas: 2);
        await scene.SettleAsync();
        scene.Chain.Take(scene.Chain.Listings[0]);
        await scene.AfterAsync(TimeSpan.FromMinutes(10));
        await scene.TriggerAsync(Trigger.Stop);
        await scene.SettleAsync();
        await scene.SettleAsync();

        Assert.Single(scene.Chain.Done.OfType<ChainCall.End>());
        Assert.Single(scene.Chain.Done.OfType<ChainCall.Delist>());
        Assert.Equal(0UL, scene.Chain.Deposits);
        Assert.Equal(DeploymentStatus.Stopped, (await scene.DeploymentAsync()).Status);
        Assert.Equal([EndReason.Ended, EndReason.Delisted], (await scene.JobsAsync()).Select(job => job.Reason).Order().Cast<EndReason>());
    }

    /// <summary>The delisting that was under way is refused, since a host took the job: it is ended then.</summary>
    [Fact]
    public async Task Stop_HostTakesTheJobMeanwhile_EndsIt()
    {
        await using Scene scene = await Scene.StartedAsync();
        await scene.SettleAsync();
        await scene.TriggerAsync(Trigger.Stop);
        scene.Chain.Crossed = at =>
        {
            if (at == "before send" && scene.Chain.Jobs[scene.Chain.Listings[0]].Run is null) scene.Chain.Take(scene.Chain.Listings[0]);
        };
        await scene.SettleAsync();
        await scene.AfterAsync(TimeSpan.FromSeconds(10));
        await scene.AfterAsync(TimeSpan.FromSeconds(10));

        Assert.Equal((JobState.Completed, EndReason.Ended), ((await scene.JobAsync()).State, (await scene.JobAsync()).Reason));
        Assert.Contains(EventTypes.StopError, await scene.EventsAsync());
        Assert.Equal(DeploymentStatus.Stopped, (await scene.DeploymentAsync()).Status);
    }

    [Fact]
    public async Task Quit_ByItsHost_DepositComesHomeByItself()
    {
        await using Scene scene = await Scene.StartedAsync();
        ulong before = scene.Chain.Nos;
        await scene.SettleAsync();
        scene.Chain.Take(scene.Chain.Listings[0]);
        await scene.SettleAsync();
        scene.Chain.Quit(scene.Chain.Listings[0]);
        await scene.SettleAsync();

        Assert.Equal(before, scene.Chain.Nos);
        Assert.Equal((JobState.Stopped, EndReason.Quit), ((await scene.JobAsync()).State, (await scene.JobAsync()).Reason));
        Assert.Contains(EventTypes.Recovered, await scene.EventsAsync());
        Assert.Empty(await scene.TargetsAsync());
    }

    /// <summary>Given back before anybody saw it run: the throttle counts it as a run of no time.</summary>
    [Fact]
    public async Task Infinite_QuitBeforeItWasSeenToRun_CountsAsAShortRun()
    {
        await using Scene scene = await Scene.StartedAsync(DeploymentStrategy.Infinite);
        for (int i = 0; i < 3; i++)
        {
            await scene.SettleAsync();
            scene.Chain.Quit(scene.Chain.Listings[^1]);
        }
        await scene.SettleAsync();

        Assert.Equal(3, scene.Chain.Listings.Count);
        Assert.Contains(EventTypes.RapidThrottle, await scene.EventsAsync());
    }

    [Fact]
    public async Task SimpleExtend_BeforeTheDeadline_ExtendsOnceByTheTimeout()
    {
        await using Scene scene = await Scene.StartedAsync(DeploymentStrategy.SimpleExtend);
        await scene.SettleAsync();
        scene.Chain.Take(scene.Chain.Listings[0]);
        await scene.SettleAsync();
        await scene.AfterAsync(TimeSpan.FromMinutes(54));
        Assert.Empty(scene.Chain.Done.OfType<ChainCall.Extend>());
        await scene.AfterAsync(TimeSpan.FromMinutes(2));
        await scene.SettleAsync();

        Assert.Equal(7200, Assert.Single(scene.Chain.Done.OfType<ChainCall.Extend>()).Timeout);
        Assert.Equal(2 * HourDeposit, scene.Chain.Deposits);
        Assert.Equal(TimeSpan.FromHours(2), (await scene.JobAsync()).Timeout);
    }

    [Fact]
    public async Task Funds_Missing_NothingIsSentAndAfterATopUpItGoesOnByItself()
    {
        await using Scene scene = await Scene.StartedAsync(replicas: 2);
        scene.Chain.Nos = 2 * HourDeposit - 1;
        await scene.SettleAsync();
        await scene.AfterAsync(TimeSpan.FromSeconds(15));
        Assert.Equal(DeploymentStatus.InsufficientFunds, (await scene.DeploymentAsync()).Status);
        Assert.Empty(scene.Chain.Listings);
        Assert.Single(await scene.EventsAsync(), EventTypes.FundsMissing);

        scene.Chain.Nos += 1;
        await scene.AfterAsync(TimeSpan.FromSeconds(15));

        Assert.Equal(DeploymentStatus.Running, (await scene.DeploymentAsync()).Status);
        Assert.Equal(2, scene.Chain.Listings.Count);
        Assert.Single(await scene.EventsAsync(), EventTypes.FundsFound);
    }

    [Fact]
    public async Task Funds_SolMissing_IsSaidBeforeAnythingIsSent()
    {
        await using Scene scene = await Scene.StartedAsync();
        scene.Chain.Lamports = 1_000_000;
        await scene.SettleAsync();

        Assert.Equal(DeploymentStatus.InsufficientFunds, (await scene.DeploymentAsync()).Status);
        Assert.Empty(scene.Chain.Listings);
    }

    /// <summary>A tick that could not be paid is not taken for done: it is made good within its starting deadline.</summary>
    [Fact]
    public async Task Scheduled_TickWithoutFunds_IsListedAfterTheTopUp()
    {
        await using Scene scene = await Scene.StartedAsync(DeploymentStrategy.Scheduled, with: one => one with { Schedule = new DeploymentSchedule("0 0 * * *") });
        await scene.SettleAsync();
        scene.Chain.Nos = 0;
        await scene.AfterAsync(TimeSpan.FromDays(1));
        Assert.Equal(DeploymentStatus.InsufficientFunds, (await scene.DeploymentAsync()).Status);
        scene.Chain.Nos = HourDeposit;
        await scene.AfterAsync(TimeSpan.FromMinutes(1));

        Assert.Single(scene.Chain.Listings);
        Assert.Equal(DeploymentStatus.Running, (await scene.DeploymentAsync()).Status);
    }

    [Fact]
    public async Task Scheduled_UnderADrivenClock_OneJobADay()
    {
        await using Scene scene = await Scene.StartedAsync(DeploymentStrategy.Scheduled, with: one => one with { Schedule = new DeploymentSchedule("0 0 * * *") });
        await scene.SettleAsync();
        for (int day = 1; day <= 3; day++)
        {
            Assert.Equal(new DateTimeOffset(2026, 1, day + 1, 0, 0, 0, TimeSpan.Zero), (await scene.DeploymentAsync()).NextTick);
            await scene.AfterAsync(TimeSpan.FromDays(1));
            Assert.Equal(day, scene.Chain.Listings.Count);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task List_TransactionSaidToHaveExpired_ListsOnceWhateverBecameOfIt(bool lands)
    {
        await using Scene scene = await Scene.StartedAsync();
        scene.Chain.Expire = (1, lands);
        await scene.SettleAsync();

        Assert.Single(scene.Chain.Listings);
        Assert.Equal(HourDeposit, scene.Chain.Deposits);
        Assert.Equal(JobState.Queued, (await scene.JobAsync()).State);
        Assert.Empty(await scene.TargetsAsync());
    }

    [Fact]
    public async Task List_RefusedAgainAndAgain_IsGivenUpWithAReason()
    {
        await using Scene scene = await Scene.StartedAsync();
        scene.Chain.Refusal = "the market is closed";
        for (int i = 0; i < 20; i++) await scene.AfterAsync(TimeSpan.FromMinutes(10));

        Assert.Equal(DeploymentStatus.Error, (await scene.DeploymentAsync()).Status);
        Assert.Empty(scene.Chain.Listings);
        Assert.Single(await scene.EventsAsync(), EventTypes.ListError);
        Assert.Single(await scene.EventsAsync(), EventTypes.GivenUp);
        Assert.Empty(await scene.TargetsAsync());
        Assert.Null((await scene.DeploymentAsync()).NextAt);
    }

    [Fact]
    public async Task Look_MissesAJobOnce_TakesItForThere()
    {
        await using Scene scene = await Scene.StartedAsync();
        await scene.SettleAsync();
        scene.Chain.Hidden.Add(scene.Chain.Listings[0]);
        await scene.AfterAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(JobState.Queued, (await scene.JobAsync()).State);
        scene.Chain.Hidden.Clear();
        await scene.AfterAsync(TimeSpan.FromSeconds(5));
        scene.Chain.Hidden.Add(scene.Chain.Listings[0]);
        await scene.AfterAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(JobState.Queued, (await scene.JobAsync()).State);
        await scene.AfterAsync(TimeSpan.FromSeconds(5));
        Assert.Equal((JobState.Stopped, EndReason.Delisted), ((await scene.JobAsync()).State, (await scene.JobAsync()).Reason));
    }

    [Fact]
    public async Task Look_OlderAnswer_TakesNoStateBack()
    {
        await using Scene scene = await Scene.StartedAsync();
        await scene.SettleAsync();
        string job = scene.Chain.Listings[0];
        SeenJob queued = scene.Chain.Jobs[job];
        scene.Chain.Take(job);
        await scene.SettleAsync();
        scene.Chain.Jobs[job] = queued;
        await scene.AfterAsync(TimeSpan.FromSeconds(5));

        Assert.Equal(JobState.Running, (await scene.JobAsync()).State);
    }

    [Fact]
    public async Task Hosts_Denied_WaitsAndSaysSoUntilAnotherComes()
    {
        PublicKey denied = new Account().PublicKey, other = new Account().PublicKey;
        await using Scene scene = await Scene.StartedAsync(with: one => one with { DeniedHosts = [denied.Key] });
        scene.Chain.Waiting.Add(denied);
        await scene.SettleAsync();
        await scene.AfterAsync(TimeSpan.FromSeconds(5));
        Assert.Empty(scene.Chain.Listings);
        Assert.Single(await scene.EventsAsync(), EventTypes.ListWaiting);

        scene.Chain.Waiting.Add(other);
        await scene.AfterAsync(TimeSpan.FromSeconds(5));
        await scene.SettleAsync();

        Assert.Equal(other.Key, (await scene.JobAsync()).Node);
    }

    [Fact]
    public async Task Stop_BeforeTheListingWasSigned_NothingIsListed()
    {
        await using Scene scene = await Scene.StartedAsync();
        scene.Chain.Refusal = "not now";
        await scene.SettleAsync();
        await scene.TriggerAsync(Trigger.Stop);
        scene.Chain.Refusal = null;
        await scene.SettleAsync();
        await scene.AfterAsync(TimeSpan.FromMinutes(1));

        Assert.Empty(scene.Chain.Listings);
        Assert.Equal(DeploymentStatus.Stopped, (await scene.DeploymentAsync()).Status);
        Assert.Empty(await scene.TargetsAsync());
    }

    [Fact]
    public async Task Plan_TwoStopsOfOneJob_AreOneTarget()
    {
        await using Scene scene = await Scene.StartedAsync(replicas: 2);
        await scene.SettleAsync();
        await scene.ChangeAsync(one => one with { Replicas = 1, Quota = SimpleStrategy.QuotaFor(one, [], 1) });
        await scene.SettleAsync();
        await scene.TriggerAsync(Trigger.Stop);
        await scene.SettleAsync();

        Assert.Equal(2, scene.Chain.Done.OfType<ChainCall.Delist>().Select(call => call.Job).Distinct().Count());
        Assert.Equal(0UL, scene.Chain.Deposits);
    }

    [Fact]
    public async Task Look_UnknownDeployment_IsUnknown()
    {
        await using Scene scene = await Scene.StartedAsync();
        Assert.Equal(PassResult.Unknown, await scene.NewProcess(scene.Store).LookAsync("nobody", Scene.Stop));
    }
}
