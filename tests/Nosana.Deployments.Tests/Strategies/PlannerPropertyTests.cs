using Nosana.Deployments.Model;
using Nosana.Deployments.Strategies;

namespace Nosana.Deployments.Tests.Strategies;

/// <summary>Lives of deployments by chance, each from its seed: what must hold whatever hosts, owners and time do.</summary>
public sealed class PlannerPropertyTests
{
    private const int Lives = 400, Turns = 120;

    [Theory]
    [InlineData(DeploymentStrategy.Simple)]
    [InlineData(DeploymentStrategy.SimpleExtend)]
    [InlineData(DeploymentStrategy.Scheduled)]
    [InlineData(DeploymentStrategy.Infinite)]
    public void Plan_LivesByChance_KeepWhatIsPromised(DeploymentStrategy strategy)
    {
        for (int seed = 0; seed < Lives; seed++)
        {
            var random = new Random(seed);
            var world = new World(strategy, random.Next(1, 5), random.Next(60, 200), strategy == DeploymentStrategy.Scheduled ? "*/30 * * * *" : null);
            for (int turn = 0; turn < Turns; turn++)
            {
                Turn(world, random);
                Check(world, $"seed {seed}, turn {turn}");
            }
        }
    }

    private static void Turn(World world, Random random)
    {
        DeploymentJob[] running = [.. world.Jobs.Where(job => job.State == JobState.Running)];
        switch (random.Next(9))
        {
            case 0 when Transitions.Find(world.Deployment.Status, Trigger.Start) is not null:
                world.Start();
                break;
            case 1 when random.Next(4) == 0 && Transitions.Find(world.Deployment.Status, Trigger.Stop) is not null:
                world.Trigger(Trigger.Stop).Look();
                break;
            case 2 when world.Jobs.Any(job => job.State == JobState.Queued):
                world.Take();
                break;
            case 3 when running.Length > 0:
                world.End(running[random.Next(running.Length)], random.Next(2) == 0 ? EndReason.Finished : EndReason.Quit);
                break;
            case 4 when random.Next(3) == 0:
                world.Scale(random.Next(0, 6));
                break;
            case 5 when random.Next(4) == 0:
                world.Deployment = world.Deployment with { ActiveRevision = random.Next(1, 4) };
                world.Look();
                break;
            case 6 when Transitions.Find(world.Deployment.Status, Trigger.FundsMissing) is not null && random.Next(6) == 0:
                world.Trigger(Trigger.FundsMissing).Look();
                break;
            default:
                world.After(TimeSpan.FromMinutes(random.Next(1, 40))).Expire();
                break;
        }
    }

    private static void Check(World world, string where)
    {
        Deployment deployment = world.Deployment;
        DeploymentJob[] own = [.. world.Active.Where(job => job.Run == deployment.Run && job.Revision == deployment.ActiveRevision)];
        if (!deployment.Status.IsLive()) Assert.True(!world.Active.Any(), $"{where}: {deployment.Status} has active jobs");
        Assert.True(world.Active.Count() == own.Length, $"{where}: a job of another revision or start goes on");
        int most = deployment.Strategy switch
        {
            DeploymentStrategy.Scheduled => int.MaxValue,
            DeploymentStrategy.Infinite => 2 * deployment.Replicas,
            _ => deployment.Replicas,
        };
        Assert.True(own.Length <= most, $"{where}: {own.Length} jobs for {deployment.Replicas} replicas");
        // Nothing is left to be done once it was done.
        IReadOnlyList<PlanStep> steps = Planner.Plan(deployment, world.Jobs, world.Now).Steps;
        Assert.True(steps.Count == 0, $"{where}: a second look wants {string.Join(", ", steps)}");
        if (deployment.Strategy == DeploymentStrategy.Infinite && deployment.Status == DeploymentStatus.Running && deployment.Rapid.Until is null)
            Assert.True(own.Length >= deployment.Replicas, $"{where}: {own.Length} of {deployment.Replicas} replicas");
        if (deployment.Strategy == DeploymentStrategy.SimpleExtend)
            Assert.DoesNotContain(world.Jobs, job => job.State == JobState.Running && job.Deadline - SimpleStrategy.BufferOf(deployment.Timeout) <= world.Now);
    }
}
