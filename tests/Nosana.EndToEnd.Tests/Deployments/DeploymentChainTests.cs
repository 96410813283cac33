using Nosana.Deployments.Chain;
using Nosana.Deployments.Model;
using Nosana.Deployments.Vaults;
using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;
using JobState = Nosana.Deployments.Model.JobState;

namespace Nosana.EndToEnd.Tests.Deployments;

/// <summary>Deployments on the embedded network: its programs, its RPC, its pinning service.</summary>
public sealed class DeploymentChainTests
{
    private const ulong HourDeposit = 3600 * DeploymentNetwork.Price;

    [Fact]
    public async Task Simple_ListedTakenFinished_CostsWhatItRanAndStops()
    {
        await using DeploymentNetwork network = await DeploymentNetwork.StartAsync();
        Funds before = await network.FundsAsync();
        string id = await network.StartDeploymentAsync(one => one);
        await network.SettleAsync(id);
        DeploymentJob job = Assert.Single(await network.JobsAsync(id));
        Assert.Equal((JobState.Queued, DeploymentNetwork.Price), (job.State, job.Price));
        Assert.Equal(before.Nos - HourDeposit, (await network.FundsAsync()).Nos);
        Assert.Equal(3600, (await network.SeeAsync(job.Job))!.Account.Timeout);

        await network.WorkAsync();
        await network.SettleAsync(id);
        job = Assert.Single(await network.JobsAsync(id));
        Assert.Equal((JobState.Running, network.Server.Keys.Host.PublicKey.Key), (job.State, job.Node));
        network.Clock.Advance(TimeSpan.FromMinutes(10));
        await network.FinishAsync(job.Job);
        await network.SettleAsync(id);

        job = Assert.Single(await network.JobsAsync(id));
        Assert.Equal((JobState.Completed, EndReason.Finished, TimeSpan.FromMinutes(10)), (job.State, job.Reason, job.RanFor));
        Assert.Equal(DeploymentStatus.Stopped, (await network.FindAsync(id)).Status);
        Assert.Equal(before.Nos - 600 * DeploymentNetwork.Price, (await network.FundsAsync()).Nos);
    }

    [Fact]
    public async Task Simple_HostWaits_RunsAtOnce()
    {
        await using DeploymentNetwork network = await DeploymentNetwork.StartAsync();
        await network.WorkAsync();
        string id = await network.StartDeploymentAsync(one => one);
        await network.SettleAsync(id);

        Assert.Equal((JobState.Running, network.Server.Keys.Host.PublicKey.Key), (await network.JobsAsync(id))[0] is var job ? (job.State, job.Node) : default);
    }

    [Fact]
    public async Task Stop_QueuedAndRunning_TheRestComesHome()
    {
        await using DeploymentNetwork network = await DeploymentNetwork.StartAsync();
        Funds before = await network.FundsAsync();
        string id = await network.StartDeploymentAsync(one => one with { Replicas = 2 });
        await network.SettleAsync(id);
        await network.WorkAsync();
        await network.SettleAsync(id);
        network.Clock.Advance(TimeSpan.FromMinutes(5));
        await network.TriggerAsync(id, Trigger.Stop);
        await network.SettleAsync(id);

        Assert.Equal(DeploymentStatus.Stopped, (await network.FindAsync(id)).Status);
        Assert.Equal([EndReason.Ended, EndReason.Delisted], (await network.JobsAsync(id)).Select(job => job.Reason!.Value).Order());
        Assert.Equal(before.Nos - 300 * DeploymentNetwork.Price, (await network.FundsAsync()).Nos);
    }

    [Fact]
    public async Task SimpleExtend_BeforeTheDeadline_PaysForOneMoreTimeout()
    {
        await using DeploymentNetwork network = await DeploymentNetwork.StartAsync();
        string id = await network.StartDeploymentAsync(one => one with { Strategy = DeploymentStrategy.SimpleExtend });
        await network.SettleAsync(id);
        await network.WorkAsync();
        await network.SettleAsync(id);
        Funds before = await network.FundsAsync();
        await network.AfterAsync(id, TimeSpan.FromMinutes(56));

        DeploymentJob job = Assert.Single(await network.JobsAsync(id));
        Assert.Equal(7200, (await network.SeeAsync(job.Job))!.Account.Timeout);
        Assert.Equal(before.Nos - HourDeposit, (await network.FundsAsync()).Nos);
    }

    [Fact]
    public async Task Scheduled_UnderADrivenClock_OneJobADayAtMidnight()
    {
        await using DeploymentNetwork network = await DeploymentNetwork.StartAsync();
        string id = await network.StartDeploymentAsync(one => one with { Strategy = DeploymentStrategy.Scheduled, Schedule = new DeploymentSchedule("0 0 * * *") });
        await network.SettleAsync(id);
        Assert.Empty(await network.JobsAsync(id));
        for (int day = 1; day <= 3; day++)
        {
            await network.AfterAsync(id, TimeSpan.FromDays(1));
            await network.WorkAsync();
            await network.SettleAsync(id);
            DeploymentJob job = (await network.JobsAsync(id))[^1];
            Assert.Equal(new DateTimeOffset(2026, 1, 1 + day, 0, 0, 0, TimeSpan.Zero), job.Tick);
            await network.FinishAsync(job.Job);
            await network.SettleAsync(id);
            Assert.Equal(day, (await network.JobsAsync(id)).Count);
        }
        Assert.All(await network.JobsAsync(id), job => Assert.Equal(JobState.Completed, job.State));
    }

    [Fact]
    public async Task InsufficientFunds_AfterATopUp_GoesOnByItself()
    {
        await using DeploymentNetwork network = await DeploymentNetwork.StartAsync(microNos: HourDeposit - 1);
        string id = await network.StartDeploymentAsync(one => one);
        await network.SettleAsync(id);
        Assert.Equal(DeploymentStatus.InsufficientFunds, (await network.FindAsync(id)).Status);
        Assert.Empty(await network.JobsAsync(id));

        await network.FundAsync(1);
        await network.AfterAsync(id, TimeSpan.FromSeconds(15));

        Assert.Equal(DeploymentStatus.Running, (await network.FindAsync(id)).Status);
        Assert.Equal(JobState.Queued, Assert.Single(await network.JobsAsync(id)).State);
        Assert.Equal((UInt128)0, (await network.FundsAsync()).Nos);
    }

    [Fact]
    public async Task Quit_ByItsHost_DepositAndRentComeHomeByThemselves()
    {
        await using DeploymentNetwork network = await DeploymentNetwork.StartAsync();
        Funds before = await network.FundsAsync();
        string id = await network.StartDeploymentAsync(one => one);
        await network.SettleAsync(id);
        await network.WorkAsync();
        await network.SettleAsync(id);
        DeploymentJob job = Assert.Single(await network.JobsAsync(id));
        await network.QuitAsync(job.Job);
        await network.SettleAsync(id);

        Assert.Null(await network.SeeAsync(job.Job));
        Funds after = await network.FundsAsync();
        Assert.Equal(before.Nos, after.Nos);
        // Fees of two transactions are all that it cost.
        Assert.InRange(after.Sol, before.Sol - 100_000, before.Sol);
        Assert.Contains(EventTypes.Recovered, await network.EventsAsync(id));
    }

    [Fact]
    public async Task Hosts_AllowedOneWaits_HasTheJobAssigned()
    {
        await using DeploymentNetwork network = await DeploymentNetwork.StartAsync();
        string host = network.Server.Keys.Host.PublicKey.Key;
        string id = await network.StartDeploymentAsync(one => one with { AllowedHosts = [host] });
        await network.SettleAsync(id);
        Assert.Equal(JobState.Pending, Assert.Single(await network.JobsAsync(id)).State);
        Assert.Contains(EventTypes.ListWaiting, await network.EventsAsync(id));

        await network.WorkAsync();
        await network.AfterAsync(id, TimeSpan.FromSeconds(5));

        DeploymentJob job = Assert.Single(await network.JobsAsync(id));
        Assert.Equal((JobState.Running, host), (job.State, job.Node));
    }

    /// <summary>What the observer compares.</summary>
    [Fact]
    public async Task ActiveJobs_QueuedRunningEnded_TellsWhatChanged()
    {
        await using DeploymentNetwork network = await DeploymentNetwork.StartAsync();
        string id = await network.StartDeploymentAsync(one => one with { Replicas = 2 });
        await network.SettleAsync(id);
        string[] jobs = [.. (await network.JobsAsync(id)).Select(job => job.Job)];
        Assert.Equal(jobs.Order(StringComparer.Ordinal).Select(job => (job, (string?)null)), await ActiveAsync());
        string run = (await network.WorkAsync()).Key;
        (string taken, string? by) = Assert.Single(await ActiveAsync(), job => job.Run is not null);
        Assert.Equal(run, by);
        await network.FinishAsync(taken);
        Assert.Equal([(jobs.Single(job => job != taken), null)], await ActiveAsync());

        async Task<(string Job, string? Run)[]> ActiveAsync() =>
            [.. (await network.Chain.ActiveJobsAsync(TestContext.Current.CancellationToken)).OrderBy(job => job.Key, StringComparer.Ordinal).Select(job => (job.Key, job.Value))];
    }

    [Fact]
    public async Task Confidential_Listed_PublishesWhereToAskAndNotTheDefinition()
    {
        await using DeploymentNetwork network = await DeploymentNetwork.StartAsync();
        string id = await network.StartDeploymentAsync(one => one with { Confidential = true });
        await network.SettleAsync(id);

        SeenJob seen = (await network.SeeAsync(Assert.Single(await network.JobsAsync(id)).Job))!;
        string text = System.Text.Encoding.UTF8.GetString(network.Server.Content.Find(Nosana.Ipfs.Cid.FromDigest(seen.Account.IpfsJob))!.Content.Span);
        Assert.Contains("http://manager.test/deployments/jobs/%%global.job%%/job-definition", text, StringComparison.Ordinal);
    }
}
