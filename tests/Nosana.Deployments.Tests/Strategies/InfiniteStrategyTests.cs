using Nosana.Deployments.Model;
using Nosana.Deployments.Strategies;

namespace Nosana.Deployments.Tests.Strategies;

public sealed class InfiniteStrategyTests
{
    [Fact]
    public void Job_EndsAfterAWhile_IsReplacedAtOnce()
    {
        World world = new World(DeploymentStrategy.Infinite, minutes: 120).Start().TakeAll().After(TimeSpan.FromMinutes(30));
        world.End(world.Jobs[0]);
        Assert.Equal((2, 1), (world.Jobs.Count, world.Active.Count()));
    }

    [Fact]
    public void Job_NearsItsDeadline_IsStoppedWhenItsReplacementRuns()
    {
        World world = new World(DeploymentStrategy.Infinite, minutes: 120).Start().TakeAll();
        Assert.Equal(world.Now + TimeSpan.FromMinutes(100), world.LookAgainAt);
        world.After(TimeSpan.FromMinutes(100));
        Assert.Equal([JobState.Running, JobState.Queued], world.Jobs.Select(job => job.State));
        world.After(TimeSpan.FromMinutes(5)).Take();
        Assert.Equal((JobState.Completed, EndReason.Ended), (world.Jobs[0].State, world.Jobs[0].Reason));
        Assert.Equal("j2", Assert.Single(world.Active).Job);
        Assert.Equal(new PlanStep.Stop("j1", StopCause.Rotated), world.Done[^1]);
    }

    [Fact]
    public void Job_NobodyTakesItsReplacement_RunsToItsDeadlineAndNoMoreAreListed()
    {
        World world = new World(DeploymentStrategy.Infinite, minutes: 120).Start().TakeAll().After(TimeSpan.FromMinutes(100)).After(TimeSpan.FromMinutes(21)).Expire();
        Assert.Equal((2, 1), (world.Jobs.Count, world.Active.Count()));
    }

    [Fact]
    public void Job_EndsWhileFundsAreMissing_IsReplacedWhenTheyAreThere()
    {
        World world = new World(DeploymentStrategy.Infinite, minutes: 120).Start().TakeAll().After(TimeSpan.FromMinutes(30)).Trigger(Trigger.FundsMissing);
        world.End(world.Jobs[0]);
        Assert.Equal((DeploymentStatus.InsufficientFunds, 1), (world.Deployment.Status, world.Active.Count()));
    }

    [Fact]
    public void Replicas_AreChangedWhileItRuns_AreMade()
    {
        World world = new World(DeploymentStrategy.Infinite, replicas: 2).Start().TakeAll().Scale(4);
        Assert.Equal(4, world.Active.Count());
        Assert.All(world.Scale(1).Active, job => Assert.Equal(JobState.Running, job.State));
        Assert.Single(world.Active);
        Assert.Empty(world.Scale(0).Active);
        Assert.Equal(DeploymentStatus.Running, world.Deployment.Status);
    }

    /// <summary>A host that gives jobs back costs rent each time, as one whose job fails does.</summary>
    [Theory]
    [InlineData(EndReason.Finished)]
    [InlineData(EndReason.Quit)]
    public void Jobs_EndAtOnceAgainAndAgain_AreListedMoreSlowlyAndAtLastNoMore(EndReason reason)
    {
        World world = new World(DeploymentStrategy.Infinite).Start();
        var waits = new List<double>();
        while (world.Deployment.Status == DeploymentStatus.Running && world.Jobs.Count < 100)
        {
            DateTimeOffset ended = world.Now;
            if (!world.Active.Any()) world.After(world.LookAgainAt!.Value - world.Now);
            if (world.Now > ended) waits.Add((world.Now - ended).TotalMinutes);
            world.TakeAll();
            world.End(world.Active.Single(), reason);
        }
        Assert.Equal([1, 2, 4, 8, 16, 32, 60], waits);
        Assert.Equal((10, 7, 1), (world.Jobs.Count, world.Events.Count(one => one.Type == EventTypes.RapidThrottle), world.Events.Count(one => one.Type == EventTypes.RapidFailSafe)));
        Assert.Equal(DeploymentStatus.Stopped, world.Look().Deployment.Status);
    }

    [Fact]
    public void Jobs_OneRanForAWhile_AreListedAtOnceAgain()
    {
        World world = new World(DeploymentStrategy.Infinite).Start();
        for (int i = 0; i < 3; i++) world.TakeAll().End(world.Active.Single());
        Assert.Empty(world.Active);
        world.After(TimeSpan.FromMinutes(1)).TakeAll().After(TimeSpan.FromMinutes(6)).End(world.Active.Single());
        Assert.Single(world.Active);
        Assert.Equal(0, world.Deployment.Rapid.Streak);
    }

    [Fact]
    public void Look_Twice_ARoundIsCountedOnce()
    {
        World world = new World(DeploymentStrategy.Infinite).Start();
        for (int i = 0; i < 3; i++) world.TakeAll().End(world.Active.Single());
        world.Look().Look();
        Assert.Equal(1, world.Deployment.Rapid.Streak);
        Assert.Single(world.Events);
    }
}
