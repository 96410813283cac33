using Nosana.Node.Chain;
using Nosana.Node.Engine;
using Nosana.Node.Journal;
using Nosana.Programs.Accounts;
using Nosana.Solana.Rpc;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Market;

/// <summary>
/// Holds the journal, the chain and the engine against each other, of all markets that this host has served: a run that the chain has closed is ended
/// here, and what no run needs is removed from the engine.
/// </summary>
internal sealed partial class Reconciler(
    NosanaChain chain, RunSession session, JournalStore journal, HostWallet wallet, MarketSlot slot, TimeProvider time, ILogger<Reconciler> logger)
    : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    /// <summary>A run counts as closed when two looks so far apart do not list it: the node that was asked may lag behind.</summary>
    public static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _one = new(1);
    private readonly Dictionary<string, DateTimeOffset> _missedSince = new(StringComparer.Ordinal);
    private bool _failing;

    /// <returns>This host's runs as the chain lists them, once everything of the journal that is not among them was ended.</returns>
    public async Task<IReadOnlyList<ObservedRun>> ReconcileAsync(CancellationToken cancel)
    {
        while (true)
        {
            (IReadOnlyList<ObservedRun> runs, bool isDecided) = await LookAsync(cancel);
            if (isDecided) return runs;
            await Task.Delay(BetweenLooks, time, cancel);
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _one.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(stoppingToken);
                _failing = false;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is RpcException or RpcUnavailableException or EngineException or JournalException)
            {
                if (!_failing) LogFailing(e.Message);
                _failing = true;
            }
            catch (Exception e)
            {
                LogBroken(e); // the next look goes on
            }
            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>The runs, and whether each run of the journal is known to be among them or over.</returns>
    private async Task<(IReadOnlyList<ObservedRun> Runs, bool IsDecided)> LookAsync(CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            // The journal first: a run that begins after this look cannot be missed in the chain's answer.
            RunRecord[] open = [.. journal.OpenRuns().Where(run => run.Phase is RunPhase.Claimed or RunPhase.Running && !session.Holds(run.Run))];
            IReadOnlyList<ObservedRun> runs = await chain.RunsOfNodeAsync(wallet.Address, cancel);
            HashSet<string> onChain = [.. runs.Select(run => run.Address.Key)];
            RunRecord[] missed = [.. open.Where(run => !onChain.Contains(run.Run))];
            foreach (string back in _missedSince.Keys.Except(missed.Select(run => run.Run)).ToArray()) _missedSince.Remove(back);
            bool isDecided = true;
            foreach (RunRecord record in missed)
            {
                if (!_missedSince.TryAdd(record.Run, time.GetUtcNow()) && time.GetUtcNow() - _missedSince[record.Run] >= BetweenLooks)
                {
                    // A job that is neither done nor given back has a run: the node that was asked lags behind, and the run will be listed.
                    if (await chain.FindJobAsync(new PublicKey(record.Job), cancel) is not { State: JobState.Queued })
                        await session.EndOrphanAsync(record, slot, cancel);
                    _missedSince.Remove(record.Run);
                }
                else
                {
                    isDecided = false;
                }
            }
            await session.RemoveLeftoversAsync(runs, cancel);
            return (runs, isDecided);
        }
        finally
        {
            _one.Release();
        }
    }

    [LoggerMessage(429, LogLevel.Warning, "What is here could not be held against the chain; it is tried again every 30 s: {Problem}")]
    private partial void LogFailing(string problem);

    [LoggerMessage(433, LogLevel.Error, "Holding what is here against the chain failed by a fault of this program; it is tried again every 30 s")]
    private partial void LogBroken(Exception exception);
}
