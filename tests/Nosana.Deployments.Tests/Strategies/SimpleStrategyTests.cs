using Nosana.Deployments.Model;
using Nosana.Deployments.Strategies;

namespace Nosana.Deployments.Tests.Strategies;

public sealed class SimpleStrategyTests
{
    [Fact]
    public void Start_SeveralReplicas_AreListedOnce()
    {
        World world = new World(DeploymentStrategy.Simple, replicas: 3).Start().Look().Look();
        Assert.Equal((DeploymentStatus.Running, 3), (world.Deployment.Status, world.Jobs.Count));
    }

    [Fact]
    public void Jobs_EndByThemselves_AreNotReplacedAndTheLastStopsTheDeployment()
    {
        World world = new World(DeploymentStrategy.Simple, replicas: 2).Start().TakeAll();
        world.End(world.Jobs[0]);
        Assert.Equal((DeploymentStatus.Running, 2), (world.Deployment.Status, world.Jobs.Count));
        world.End(world.Jobs[1]);
        Assert.Equal((DeploymentStatus.Stopped, 2), (world.Deployment.Status, world.Jobs.Count));
    }

    [Fact]
    public void Start_Again_ListsAllReplicasAnew()
    {
        World world = new World(DeploymentStrategy.Simple).Start().TakeAll();
        world.End(world.Jobs[0]).Start();
        Assert.Equal((DeploymentStatus.Running, 2, 1), (world.Deployment.Status, world.Jobs.Count, world.Active.Count()));
    }

    [Fact]
    public void End_OfAJobOfAnEarlierStart_DoesNotStopTheDeployment()
    {
        World world = new World(DeploymentStrategy.Simple).Start().TakeAll();
        DeploymentJob old = world.Jobs[0];
        world.Trigger(Trigger.Stop).Look();
        world.Look().Start();
        Assert.Equal(2, world.Jobs.Count);
        world.End(old);
        Assert.Equal(DeploymentStatus.Running, world.Deployment.Status);
    }

    [Fact]
    public void Draft_AJobEndsLate_StaysADraft()
    {
        var world = new World(DeploymentStrategy.Simple);
        world.Jobs.Add(new DeploymentJob { Job = "x", Revision = 1, Run = 0, State = JobState.Completed, ListedAt = world.Now });
        Assert.Equal(DeploymentStatus.Draft, world.Look().Deployment.Status);
    }

    [Fact]
    public void Scale_Up_ListsWhatIsMissingNow()
    {
        World world = new World(DeploymentStrategy.Simple, replicas: 2).Start().TakeAll();
        world.End(world.Jobs[0]).Scale(3);
        Assert.Equal((3, 4), (world.Active.Count(), world.Jobs.Count)); // one went on, two came
    }

    [Fact]
    public void Scale_Down_StopsThoseThatNobodyHasFirst()
    {
        World world = new World(DeploymentStrategy.Simple, replicas: 3).Start().Take().Scale(1);
        Assert.Equal(JobState.Running, Assert.Single(world.Active).State);
        Assert.All(world.Done.OfType<PlanStep.Stop>(), stop => Assert.Equal(StopCause.TooMany, stop.Cause));
    }

    [Fact]
    public void Scale_ToZeroAndBack_ListsAgain()
    {
        World world = new World(DeploymentStrategy.Simple).Start().Scale(0);
        Assert.Equal((DeploymentStatus.Running, 0), (world.Deployment.Status, world.Active.Count()));
        Assert.Single(world.Scale(1).Active);
    }

    [Fact]
    public void Revision_Changes_OldJobsAreStoppedAndAllReplicasOfTheNewAreListed()
    {
        World world = new World(DeploymentStrategy.Simple, replicas: 2).Start().TakeAll();
        world.Deployment = world.Deployment with { ActiveRevision = 2 };
        world.Look();
        Assert.Equal([2, 2], world.Active.Select(job => job.Revision));
        Assert.Equal(DeploymentStatus.Running, world.Look().Deployment.Status);
    }

    [Fact]
    public void Revision_ChangesWhileStopped_NothingIsListed()
    {
        World world = new World(DeploymentStrategy.Simple).Start().TakeAll();
        world.End(world.Jobs[0]);
        world.Deployment = world.Deployment with { ActiveRevision = 2 };
        Assert.Empty(world.Look().Active);
    }

    [Fact]
    public void Stop_WhileItStarts_EndsEverything()
    {
        var world = new World(DeploymentStrategy.Simple);
        world.Trigger(Trigger.Start).Trigger(Trigger.Stop).Look();
        Assert.Equal((DeploymentStatus.Stopped, 0), (world.Deployment.Status, world.Jobs.Count));
    }

    [Fact]
    public void Simple_IsNeverExtended()
    {
        World world = new World(DeploymentStrategy.Simple).Start().TakeAll().After(TimeSpan.FromMinutes(59));
        Assert.DoesNotContain(world.Done, step => step is PlanStep.Extend);
    }

    [Theory]
    [InlineData(1, 60)]
    [InlineData(1.5, 60)]
    [InlineData(10, 60)]
    [InlineData(20, 120)]
    [InlineData(50, 300)]
    [InlineData(1440, 300)]
    public void BufferOf_Timeout_IsATenthWithinBounds(double minutes, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), SimpleStrategy.BufferOf(TimeSpan.FromMinutes(minutes)));

    [Fact]
    public void Extend_WithinTheBufferOfItsDeadline_GetsTheTimeoutAgain()
    {
        World world = new World(DeploymentStrategy.SimpleExtend, minutes: 60).Start().TakeAll();
        Assert.Equal(world.Now + TimeSpan.FromMinutes(55), world.LookAgainAt);
        world.After(TimeSpan.FromMinutes(55) - TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromMinutes(60), world.Jobs[0].Timeout);
        world.After(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromMinutes(120), world.Jobs[0].Timeout);
    }

    [Fact]
    public void Extend_SeenLateEachTime_NeverComesTooLate()
    {
        World world = new World(DeploymentStrategy.SimpleExtend, minutes: 10).Start().TakeAll();
        for (int cycle = 0; cycle < 200; cycle++)
        {
            world.Now = world.LookAgainAt!.Value + TimeSpan.FromSeconds(20); // claim, signing, confirmation
            world.Look().Expire();
        }
        Assert.Equal(JobState.Running, world.Jobs[0].State);
    }

    [Fact]
    public void Extend_JobThatNobodyHas_IsNot()
    {
        World world = new World(DeploymentStrategy.SimpleExtend).Start().After(TimeSpan.FromDays(1));
        Assert.DoesNotContain(world.Done, step => step is PlanStep.Extend);
        Assert.Null(world.LookAgainAt);
    }

    [Fact]
    public void Extend_DeploymentIsStoppedAndStartedWithMoreReplicas_ListsThem()
    {
        World world = new World(DeploymentStrategy.SimpleExtend).Start().TakeAll();
        world.End(world.Jobs[0]);
        Assert.Equal(DeploymentStatus.Stopped, world.Deployment.Status);
        world.Scale(3).Start();
        Assert.Equal(3, world.Active.Count());
    }
}
