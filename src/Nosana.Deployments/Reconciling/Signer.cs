using Nosana.Deployments.Chain;
using Nosana.Deployments.Model;
using Nosana.Deployments.Store;
using Nosana.Ipfs.Http;
using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;
using JobState = Nosana.Deployments.Model.JobState;
using StoredState = Nosana.Programs.Accounts.JobState;

namespace Nosana.Deployments.Reconciling;

/// <summary>Signs what is to be made true on chain and is due, into a draft; nothing is sent.</summary>
internal sealed class Signer(DeploymentStore store, IDeploymentChain chain, IJobDocuments documents, Settlement settlement, ReconcilingOptions options)
{
    /// <summary>At a time: each asks a node what its transaction would do.</summary>
    private const int SignedAtOnce = 16;

    public async Task SignAsync(Draft draft, JobsLook jobs, MarketLook? market, CancellationToken cancellationToken)
    {
        bool waits = draft.Deployment.Status == DeploymentStatus.InsufficientFunds;
        List<(ChainTarget Target, ChainCall Call)> calls = [];
        HashSet<string> taken = [];
        foreach (ChainTarget target in draft.OpenTargets.Where(target => target.State == TargetState.Planned && !(target.DueAt > draft.Now)).ToArray())
        {
            if (waits && target.Kind is TargetKind.List or TargetKind.Extend) continue;
            if (draft.FindJob(target.Job) is not { } job) continue;
            ChainCall? call = target.Kind == TargetKind.List
                ? await ListAsync(draft, target, job, market, taken, cancellationToken)
                : OfJob(target, job, jobs);
            if (call is not null) calls.Add((target, call));
        }
        foreach ((ChainTarget Target, ChainCall Call)[] some in calls.Chunk(SignedAtOnce))
        {
            Signing[] signings = await Task.WhenAll(some.Select(one => chain.SignAsync(draft.Deployment.Vault, one.Call, cancellationToken)));
            for (int i = 0; i < some.Length; i++) Note(draft, some[i].Target, signings[i]);
        }
    }

    private void Note(Draft draft, ChainTarget target, Signing signing)
    {
        if (signing.Transaction is not { } transaction)
        {
            settlement.Refuse(draft, target, signing.Refusal ?? "it could not be signed");
            return;
        }
        draft.Put(new ChainTransaction
        {
            Signature = transaction.Signature,
            Deployment = draft.Deployment.Id,
            Vault = draft.Deployment.Vault,
            Blob = transaction.WireBytes.ToArray(),
            LastValidBlockHeight = transaction.LastValidBlockHeight,
            CreatedAt = draft.Now,
        });
        draft.Put(target with { State = TargetState.Signed, Signature = transaction.Signature });
    }

    private async Task<ChainCall?> ListAsync(
        Draft draft, ChainTarget target, DeploymentJob job, MarketLook? market, HashSet<string> taken, CancellationToken cancellationToken)
    {
        if (job is not { State: JobState.Pending, ListingSeeds: { } seeds }) return null;
        if (market is null)
        {
            settlement.Refuse(draft, target, $"There is no market {job.Market}.");
            return null;
        }
        string? node = null;
        if (draft.Deployment.AllowedHosts.Count + draft.Deployment.DeniedHosts.Count > 0)
        {
            node = FindHost(draft.Deployment, market.Market, taken);
            if (node is null)
            {
                Wait(draft, target, "No host that may have it waits on the market.");
                return null;
            }
            taken.Add(node);
        }
        if (await store.FindRevisionAsync(draft.Deployment.Id, job.Revision, cancellationToken) is not { } revision) return null;
        string definition;
        try
        {
            definition = await documents.PublishAsync(draft.Deployment, revision, cancellationToken);
        }
        catch (IpfsException e)
        {
            settlement.Refuse(draft, target, e.Message);
            return null;
        }
        return new ChainCall.List(
            seeds[..Ed25519.SeedLength], seeds[Ed25519.SeedLength..], job.Market, definition, (long)Math.Ceiling(job.Timeout.TotalSeconds), node);
    }

    private static ChainCall? OfJob(ChainTarget target, DeploymentJob job, JobsLook jobs)
    {
        if (!jobs.Jobs.TryGetValue(job.Job, out SeenJob? seen)) return null;
        return target.Kind switch
        {
            TargetKind.Recover when seen.Account.State == StoredState.Stopped => new ChainCall.Recover(job.Job, seen),
            TargetKind.Extend when seen.Account.State == StoredState.Queued && target.Timeout is { } timeout =>
                new ChainCall.Extend(job.Job, seen, (long)Math.Ceiling(timeout.TotalSeconds)),
            TargetKind.Stop when seen.Account.State == StoredState.Queued && job.State == JobState.Running =>
                seen.Run is null ? null : new ChainCall.End(job.Job, seen),
            TargetKind.Stop when seen.Account.State == StoredState.Queued && job.State == JobState.Queued => new ChainCall.Delist(job.Job, seen),
            _ => null,
        };
    }

    private static string? FindHost(Deployment deployment, MarketAccount market, HashSet<string> taken) => market.QueueType != QueueType.Node
        ? null
        : market.Queue.Select(node => node.Key).FirstOrDefault(node => !taken.Contains(node) && !deployment.DeniedHosts.Contains(node)
            && (deployment.AllowedHosts.Count == 0 || deployment.AllowedHosts.Contains(node)));

    private void Wait(Draft draft, ChainTarget target, string why)
    {
        draft.Put(target with { DueAt = draft.Now + options.WaitInterval, Error = why });
        if (why != target.Error) draft.Tell(new DeploymentEvent(EventTypes.ListWaiting, why));
    }
}
