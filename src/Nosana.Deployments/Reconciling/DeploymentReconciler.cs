using Microsoft.Extensions.Logging;
using Nosana.Deployments.Chain;
using Nosana.Deployments.Model;
using Nosana.Deployments.Store;
using Nosana.Deployments.Strategies;
using Nosana.Deployments.Vaults;
using Nosana.Solana.Rpc.Sending;

namespace Nosana.Deployments.Reconciling;

/// <summary>
/// One look at one deployment: from what is written down and what the chain shows to what is to be done, which is written down, signed, written down again
/// and sent. It may die at any instant, and another process may do the same at the same time: whoever is overtaken in the store does nothing more, and the
/// keys of a job's account are written down before the first transaction, so that no job is listed twice.
/// </summary>
public sealed partial class DeploymentReconciler
{
    private static readonly TimeSpan s_least = TimeSpan.FromSeconds(1);

    private readonly DeploymentStore _store;
    private readonly IDeploymentChain _chain;
    private readonly TimeProvider _time;
    private readonly ReconcilingOptions _options;
    private readonly ILogger<DeploymentReconciler> _logger;
    private readonly Absences _absences;
    private readonly Settlement _settlement;
    private readonly Signer _signer;

    public DeploymentReconciler(
        DeploymentStore store, IDeploymentChain chain, IJobDocuments documents, TimeProvider time, ReconcilingOptions options,
        ILogger<DeploymentReconciler> logger)
    {
        _store = store;
        _chain = chain;
        _time = time;
        _options = options;
        _logger = logger;
        _absences = new Absences(options.AbsenceApart);
        _settlement = new Settlement(options);
        _signer = new Signer(store, chain, documents, _settlement, options);
    }

    /// <summary>Looks at a deployment once. One look at a time is asked for; two at a time do no harm.</summary>
    /// <exception cref="Nosana.Solana.Rpc.RpcUnavailableException">No node answered: what is written down is gone on with at the next look.</exception>
    public async Task<PassResult> LookAsync(string id, CancellationToken cancellationToken)
    {
        if (await ReadAsync(id, cancellationToken) is not { } draft) return PassResult.Unknown;
        // What was signed before is settled first: its outcome is part of what is so.
        if (!await SendAsync(draft, cancellationToken)) return PassResult.Overtaken;
        (JobsLook jobs, MarketLook? market) = await ObserveAsync(draft, cancellationToken);
        DateTimeOffset? planned = await PlanAsync(draft, market, cancellationToken);
        Observation.Tidy(draft);
        draft.Deployment = draft.Deployment with { NextAt = NextAt(draft, planned) };
        if (!await SaveAsync(draft, cancellationToken)) return PassResult.Overtaken;

        await _signer.SignAsync(draft, jobs, market, cancellationToken);
        if (!draft.IsChanged) return PassResult.Done;
        // A kill from here on finds it due at once.
        bool isSigned = draft.OpenTransactions.Any();
        draft.Deployment = draft.Deployment with { NextAt = isSigned ? draft.Now : NextAt(draft, planned) };
        if (!await SaveAsync(draft, cancellationToken)) return PassResult.Overtaken;
        if (!isSigned) return PassResult.Done;
        return await SendAsync(draft, cancellationToken) ? PassResult.Again : PassResult.Overtaken;
    }

    private async Task<Draft?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        if (await _store.ReadAsync(id, cancellationToken) is not { } snapshot) return null;
        HashSet<string> known = [.. snapshot.Jobs.Select(job => job.Job)];
        var others = new List<DeploymentJob>();
        foreach (string job in snapshot.Targets.Select(target => target.Job).Where(job => !known.Contains(job)).Distinct())
            if (await _store.FindJobAsync(job, cancellationToken) is { } found) others.Add(found);
        return new Draft(snapshot, others, Now());
    }

    /// <returns>False when another has written the deployment meanwhile.</returns>
    private async Task<bool> SendAsync(Draft draft, CancellationToken cancellationToken)
    {
        ChainTransaction[] open = [.. draft.OpenTransactions];
        if (open.Length == 0) return true;
        TransactionOutcome[] outcomes = await Task.WhenAll(open.Select(one => _chain.SendAsync(one, cancellationToken)));
        for (int i = 0; i < open.Length; i++) _settlement.Apply(draft, open[i], outcomes[i]);
        draft.Deployment = draft.Deployment with { NextAt = draft.Now };
        return await SaveAsync(draft, cancellationToken);
    }

    private async Task<(JobsLook Jobs, MarketLook? Market)> ObserveAsync(Draft draft, CancellationToken cancellationToken)
    {
        string[] watched =
        [
            .. draft.Jobs.Where(job => job.IsActive).Select(job => job.Job)
                .Union(draft.OpenTargets.Where(target => target.Kind == TargetKind.Recover).Select(target => target.Job)),
        ];
        JobsLook jobs = watched.Length == 0 ? new JobsLook(new Dictionary<string, SeenJob>(), 0) : await _chain.LookAtJobsAsync(watched, cancellationToken);
        Observation.Apply(draft, jobs, _absences);
        Observation.Tidy(draft);
        // A market is of interest to whoever lists or pays on it.
        MarketLook? market = draft.Deployment.Status.IsLive() ? await _chain.LookAtMarketAsync(draft.Deployment.Market, cancellationToken) : null;
        return (jobs, market);
    }

    /// <returns>When the plan asks for another look.</returns>
    private async Task<DateTimeOffset?> PlanAsync(Draft draft, MarketLook? market, CancellationToken cancellationToken)
    {
        // Jobs of an earlier run that ended are there for their targets alone.
        DeploymentJob[] jobs = [.. draft.Jobs.Where(job => job.IsActive || job.Run == draft.Deployment.Run)];
        Plan plan = Planner.Plan(draft.Deployment, jobs, draft.Now);
        if (plan.Deployment.Status.IsLive())
        {
            Funds? needed = FundsGate.Needed(draft, plan, market?.Prices ?? new Prices(0));
            if (needed is { } amount && await _chain.FundsAsync(draft.Deployment.Vault, cancellationToken) is var there && !amount.AreIn(there))
                plan = FundsGate.Close(draft, plan, amount, there);
            else
                plan = FundsGate.Open(plan);
        }
        Planning.Apply(draft, plan);
        return plan.LookAgainAt;
    }

    private async Task<bool> SaveAsync(Draft draft, CancellationToken cancellationToken)
    {
        if (!draft.IsChanged) return true;
        if (await _store.TrySaveAsync(draft.ToChange(), cancellationToken) is not { } saved)
        {
            LogOvertaken(draft.Deployment.Id);
            return false;
        }
        draft.Saved(saved);
        return true;
    }

    private DateTimeOffset? NextAt(Draft draft, DateTimeOffset? planned)
    {
        DateTimeOffset now = draft.Now;
        bool waits = draft.Deployment.Status == DeploymentStatus.InsufficientFunds;
        IEnumerable<DateTimeOffset?> times =
        [
            planned,
            waits ? now + _options.FundsInterval : null,
            draft.Deployment.Status is DeploymentStatus.Starting or DeploymentStatus.Stopping ? now + _options.WaitInterval : null,
            draft.IsSomethingMissed ? now + _options.AbsenceApart : null,
            draft.Jobs.Any(job => job.State is JobState.Queued or JobState.Running) ? now + _options.LookInterval : null,
            .. draft.OpenTargets.Select(target => Due(target)),
        ];
        // Never the same due time twice: it would be taken for served.
        return times.Min() is { } next ? next > now ? next : now + s_least : null;

        DateTimeOffset? Due(ChainTarget target) => waits && target.Kind is TargetKind.List or TargetKind.Extend
            ? now + _options.FundsInterval
            : target.DueAt > now ? target.DueAt : now + _options.WaitInterval;
    }

    // To the millisecond, as it is kept.
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(_time.GetUtcNow().ToUnixTimeMilliseconds());

    [LoggerMessage(8000, LogLevel.Debug, "Deployment {Deployment}: another has written it meanwhile")]
    private partial void LogOvertaken(string deployment);
}
