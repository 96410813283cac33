using System.Security.Cryptography;
using Nosana.Deployments.Model;
using Nosana.Deployments.Store;
using Nosana.Deployments.Strategies;
using Nosana.Solana.Wallet;

namespace Nosana.Deployments.Reconciling;

/// <summary>A plan, written into a draft: jobs with the keys of their accounts, and what is to be made true on chain.</summary>
internal static class Planning
{
    public static void Apply(Draft draft, Plan plan)
    {
        Deployment deployment = draft.Deployment = plan.Deployment;
        foreach (DeploymentEvent one in plan.Events) draft.Tell(one);
        foreach (PlanStep step in plan.Steps)
        {
            switch (step)
            {
                case PlanStep.List list:
                    DeploymentJob job = NewJob(deployment, list, draft.Now);
                    draft.Put(job);
                    draft.Aim(TargetKind.List, job.Job);
                    break;
                case PlanStep.Extend extend:
                    draft.Aim(TargetKind.Extend, extend.Job, extend.Timeout);
                    break;
                case PlanStep.Stop stop when draft.FindJob(stop.Job) is { } stopped:
                    draft.Put(stopped with { IsToStop = true });
                    draft.Aim(TargetKind.Stop, stop.Job, reason: stop.Cause.ToString());
                    break;
            }
        }
    }

    /// <summary>The address is that of a key pair made here: however often its listing is tried, the chain takes it once.</summary>
    private static DeploymentJob NewJob(Deployment deployment, PlanStep.List list, DateTimeOffset now)
    {
        byte[] seeds = RandomNumberGenerator.GetBytes(2 * Ed25519.SeedLength);
        using Account account = Account.FromSeed(seeds.AsSpan(0, Ed25519.SeedLength));
        return new DeploymentJob
        {
            Job = account.PublicKey.Key,
            Deployment = deployment.Id,
            Market = deployment.Market,
            Revision = list.Revision,
            Run = list.Run,
            Tick = list.Tick,
            ListedAt = now,
            Timeout = deployment.Timeout,
            ListingSeeds = seeds,
        };
    }
}
