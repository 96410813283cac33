using Nosana.Node.Chain;
using Nosana.Node.Engine;
using Nosana.Node.Jobs;
using Nosana.Node.Jobs.State;
using Nosana.Node.Journal;
using Nosana.Solana.Rpc;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Market;

/// <summary>Runs that the slot does not serve: what earlier agents left, what comes while the host ends, and what cannot be handled.</summary>
internal sealed partial class RunSession
{
    /// <summary>
    /// Ends a run of the journal that the chain does not list any more: its poster ended it while the agent was away. What is owed of it then, the outbox
    /// settles.
    /// </summary>
    public async Task EndOrphanAsync(RunRecord record, MarketSlot slot, CancellationToken exiting)
    {
        using IDisposable? scope = Scope(new PublicKey(record.Job));
        if (!_held.TryAdd(record.Run, true)) return; // the slot serves it
        try
        {
            LogOrphan(record.Run, record.Phase);
            if (record.Phase == RunPhase.Claimed)
            {
                journal.Close(record);
                return;
            }
            using var control = new JobControl(exiting);
            control.Stop(StopReason.Stopped);
            string project = await chain.FindJobAsync(new PublicKey(record.Job), exiting) is { } account ? account.Project.Key : "";
            await RunJobAsync(record, Journaled(record), project, slot, control);
            outbox.Wake();
        }
        catch (Exception e) when (!IsPassing(e, exiting))
        {
            await IsolateAsync(record, e, exiting);
        }
        finally
        {
            _held.TryRemove(record.Run, out _);
        }
    }

    /// <summary>Whether the slot, or the look for what was left, works at the run now.</summary>
    public bool Holds(string run) => _held.ContainsKey(run);

    /// <summary>Whether this host has ever looked at the run.</summary>
    public bool Knows(string run) => journal.FindRun(run) is not null;

    /// <summary>Whether the run is known to be over.</summary>
    public bool HasEnded(string run) => journal.FindRun(run) is { Phase: RunPhase.Closed };

    /// <summary>Failures of what is around the run: they are over by themselves, and the run goes on.</summary>
    private static bool IsPassing(Exception e, CancellationToken exiting) =>
        e is RpcException or RpcUnavailableException or TransactionRefusedException or TransactionExpiredException or EngineException or JournalFullException
        || exiting.IsCancellationRequested;

    /// <summary>
    /// A fault of this program at one run, or a record that cannot be read: the others go on, and after some of them the run is ended, with what is known.
    /// </summary>
    /// <returns>The run as it is to be settled; null when it is tried again.</returns>
    private async Task<Ended?> IsolateAsync(RunRecord record, Exception fault, CancellationToken exiting)
    {
        int faults = journal.CountFault(record.Run);
        LogFault(fault, record.Run, faults, FaultsOfARun);
        if (faults < FaultsOfARun) return null;
        exiting.ThrowIfCancellationRequested();
        if (record.Phase is RunPhase.Claimed) return Refuse(record, RefusalCause.Host, $"this program failed at the run {faults} times: {fault.Message}");
        await containers.RemoveAllAsync(record.Job, hasRun: true);
        return Ran(record, FlowResults.Failed($"This host failed to go on with the job: {fault.Message}", time), "host fault");
    }

    /// <summary>Gives a run back of which nothing was begun: the host ends, and nobody may come back for it.</summary>
    public async Task GiveBackAsync(ObservedRun observed, MarketSlot slot, CancellationToken cancel)
    {
        using IDisposable? scope = Scope(observed.Run.Job);
        await SettleAsync(Refuse(ClaimOf(observed, slot), RefusalCause.Job, "it came while the host was ending"), cancel);
    }

    /// <summary>Removes what earlier jobs of this host left on the engine and nobody will come back for.</summary>
    /// <param name="runs">This host's on chain.</param>
    /// <param name="exiting">Ends it.</param>
    public async Task RemoveLeftoversAsync(IReadOnlyList<ObservedRun> runs, CancellationToken exiting)
    {
        try
        {
            IReadOnlySet<string> left = await reaper.FindJobsAsync(wallet.Address, exiting);
            if (left.Count == 0) return;
            HashSet<string> open = [.. journal.OpenRuns().Select(run => run.Job), .. runs.Select(run => run.Run.Job.Key)];
            foreach (string job in left)
            {
                // Runs without a market have ids that are not addresses; one of them may go on beside this agent.
                if (open.Contains(job) || !PublicKey.TryParse(job, out _)) continue;
                LogLeftover(job);
                await reaper.RemoveAllOfJobAsync(job, exiting);
            }
        }
        catch (EngineException e)
        {
            LogLeftoversStay(e.Message); // before the next place in the queue it is tried again
        }
    }

    [LoggerMessage(434, LogLevel.Error, "Run {Run} could not be handled by a fault of this program ({Faults} of {Most}, then it is ended as it is); "
        + "others go on")]
    private partial void LogFault(Exception exception, string run, int faults, int most);

    [LoggerMessage(447, LogLevel.Information, "Removing what job {Job} left on the engine")]
    private partial void LogLeftover(string job);

    [LoggerMessage(448, LogLevel.Warning, "What earlier jobs left on the engine stays there for now: {Problem}")]
    private partial void LogLeftoversStay(string problem);

    [LoggerMessage(468, LogLevel.Information, "Run {Run} of the journal (phase {Phase}) was closed on chain while the agent was away")]
    private partial void LogOrphan(string run, RunPhase phase);
}
