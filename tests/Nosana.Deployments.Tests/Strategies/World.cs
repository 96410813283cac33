using Nosana.Deployments.Model;
using Nosana.Deployments.Strategies;

namespace Nosana.Deployments.Tests.Strategies;

/// <summary>A deployment, its jobs and a market, all in memory: what a plan asks for is done at once, what hosts and time do is the test's matter.</summary>
internal sealed class World
{
    private int _names;

    public World(DeploymentStrategy strategy, int replicas = 1, int minutes = 60, string? schedule = null) => Deployment = new Deployment
    {
        Id = "d",
        Status = DeploymentStatus.Draft,
        Strategy = strategy,
        Replicas = replicas,
        Timeout = TimeSpan.FromMinutes(minutes),
        Schedule = schedule is null ? null : new DeploymentSchedule(schedule),
    };

    public Deployment Deployment { get; set; }

    public List<DeploymentJob> Jobs { get; } = [];

    public List<DeploymentEvent> Events { get; } = [];

    public List<PlanStep> Done { get; } = [];

    public DateTimeOffset Now { get; set; } = new(2026, 11, 30, 12, 0, 30, TimeSpan.Zero);

    public DateTimeOffset? LookAgainAt { get; private set; }

    public IEnumerable<DeploymentJob> Active => Jobs.Where(job => job.IsActive);

    public World Start()
    {
        Trigger(Nosana.Deployments.Model.Trigger.Start);
        Deployment = Deployment with { Run = Deployment.Run + 1, Rapid = RapidRounds.None };
        return Look();
    }

    public World Trigger(Trigger trigger)
    {
        Deployment = Deployment with { Status = Transitions.Find(Deployment.Status, trigger) ?? throw new InvalidOperationException($"{Deployment.Status} on {trigger}") };
        return this;
    }

    /// <summary>The deployment's owner asks for another number.</summary>
    public World Scale(int replicas)
    {
        Deployment = Deployment with { Replicas = replicas, Quota = SimpleStrategy.QuotaFor(Deployment, Jobs, replicas) };
        return Look();
    }

    public World Look()
    {
        Plan plan = Planner.Plan(Deployment, Jobs, Now);
        (Deployment, LookAgainAt) = (plan.Deployment, plan.LookAgainAt);
        Events.AddRange(plan.Events);
        foreach (PlanStep step in plan.Steps) Do(step);
        return this;
    }

    public World After(TimeSpan time)
    {
        Now += time;
        return Look();
    }

    /// <summary>A host takes the oldest job that nobody has.</summary>
    public World Take()
    {
        Change(Jobs.First(job => job.State == JobState.Queued), job => job with { State = JobState.Running, StartedAt = Now });
        return Look();
    }

    public World TakeAll()
    {
        while (Jobs.Any(job => job.State == JobState.Queued)) Take();
        return this;
    }

    public World End(DeploymentJob job, EndReason reason = EndReason.Finished)
    {
        Change(job, one => one with { State = reason == EndReason.Quit ? JobState.Stopped : JobState.Completed, Reason = reason, EndedAt = Now });
        return Look();
    }

    /// <summary>The chain's time limit.</summary>
    public World Expire()
    {
        foreach (DeploymentJob job in Jobs.Where(job => job.State == JobState.Running && job.Deadline <= Now).ToArray())
            Change(job, one => one with { State = JobState.Completed, Reason = EndReason.Finished, EndedAt = one.Deadline });
        return Look();
    }

    private void Do(PlanStep step)
    {
        Done.Add(step);
        switch (step)
        {
            case PlanStep.List list:
                Jobs.Add(new DeploymentJob { Job = $"j{++_names}", Revision = list.Revision, Run = list.Run, Tick = list.Tick, State = JobState.Queued, ListedAt = Now, Timeout = Deployment.Timeout });
                break;
            case PlanStep.Extend extend:
                Change(Find(extend.Job), job => job with { Timeout = extend.Timeout });
                break;
            case PlanStep.Stop stop:
                Change(Find(stop.Job), job => job.State == JobState.Running
                    ? job with { State = JobState.Completed, Reason = EndReason.Ended, EndedAt = Now, IsToStop = true }
                    : job with { State = JobState.Stopped, Reason = EndReason.Delisted, IsToStop = true });
                break;
        }
    }

    private DeploymentJob Find(string job) => Jobs.Single(one => one.Job == job);

    private void Change(DeploymentJob job, Func<DeploymentJob, DeploymentJob> change) => Jobs[Jobs.FindIndex(one => one.Job == job.Job)] = change(job);
}
