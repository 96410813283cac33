using Nosana.Deployments.Model;
using Nosana.Deployments.Strategies;

namespace Nosana.Deployments.Tests.Strategies;

public sealed class ScheduledStrategyTests
{
    private static readonly DateTimeOffset s_midnight = new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Start_DailyAtMidnight_WaitsForTheNextMidnightAndListsOnceADay()
    {
        World world = new World(DeploymentStrategy.Scheduled, schedule: "0 0 * * *").Start();
        Assert.Equal((DeploymentStatus.Running, 0, s_midnight), (world.Deployment.Status, world.Jobs.Count, world.LookAgainAt));
        for (int day = 0; day < 3; day++)
        {
            world.Now = world.LookAgainAt!.Value;
            world.Look().Look().TakeAll().After(TimeSpan.FromMinutes(10));
            world.End(world.Active.Single());
            Assert.Equal(day + 1, world.Jobs.Count);
            Assert.Equal(s_midnight.AddDays(day), world.Jobs[^1].Tick);
        }
        Assert.Equal(DeploymentStatus.Running, world.Deployment.Status);
    }

    [Fact]
    public void Tick_SeveralReplicas_AreListedTogetherBesideThoseOfEarlierTicks()
    {
        World world = new World(DeploymentStrategy.Scheduled, replicas: 2, schedule: "* * * * *").Start();
        for (int tick = 0; tick < 2; tick++)
        {
            world.Now = world.LookAgainAt!.Value;
            world.Look();
        }
        Assert.Equal(4, world.Active.Count());
    }

    [Fact]
    public void Tick_AJobOfAnEarlierOneIsActive_IsLeftOutWhereOverlapIsForbidden()
    {
        World world = Scheduled(new DeploymentSchedule("* * * * *", Overlap: Overlap.Forbid));
        Tick(world);
        Tick(world);
        Assert.Single(world.Jobs);
        Assert.Equal(EventTypes.TickLeftOut, Assert.Single(world.Events).Type);
    }

    [Fact]
    public void Tick_AJobOfAnEarlierOneIsActive_IsStoppedWhereItIsReplaced()
    {
        World world = Scheduled(new DeploymentSchedule("* * * * *", Overlap: Overlap.Replace));
        Tick(world);
        Tick(world);
        Assert.Equal("j2", Assert.Single(world.Active).Job);
    }

    [Fact]
    public void Ticks_WereMissed_TheNewestIsMadeUpForOnce()
    {
        World world = new World(DeploymentStrategy.Scheduled, schedule: "*/10 * * * *").Start().After(TimeSpan.FromMinutes(45));
        Assert.Equal(new DateTimeOffset(2026, 11, 30, 12, 40, 0, TimeSpan.Zero), Assert.Single(world.Jobs).Tick);
        Assert.Equal(new DateTimeOffset(2026, 11, 30, 12, 50, 0, TimeSpan.Zero), world.LookAgainAt);
    }

    [Fact]
    public void Ticks_WereMissedForLongerThanTheStartingDeadline_AreLeftOut()
    {
        World world = Scheduled(new DeploymentSchedule("*/10 * * * *", StartingDeadline: TimeSpan.FromMinutes(2))).After(TimeSpan.FromMinutes(45));
        Assert.Empty(world.Jobs);
        Assert.Contains("330 s late", Assert.Single(world.Events).Message, StringComparison.Ordinal);
    }

    private static World Scheduled(DeploymentSchedule schedule)
    {
        var world = new World(DeploymentStrategy.Scheduled, schedule: schedule.Expression);
        world.Deployment = world.Deployment with { Schedule = schedule };
        return world.Start();
    }

    private static void Tick(World world)
    {
        world.Now = world.LookAgainAt!.Value;
        world.Look();
    }
}
