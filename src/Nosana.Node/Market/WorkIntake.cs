using Nosana.Node.Chain;
using Nosana.Node.Journal;

namespace Nosana.Node.Market;

/// <summary>
/// Whether this host takes new work, and from which market, as the operator tells it while it runs. The worker asks at each of its steps, and is woken
/// from its wait by <see cref="Woken"/>. Nothing here touches a job that runs, but for <see cref="StopJobs"/>. A host that is killed while it drains goes
/// on draining when it is started again.
/// </summary>
internal sealed class WorkIntake(JournalStore journal) : IDisposable
{
    private const string Fact = "draining";

    private readonly CancellationTokenSource _jobsEnd = new();
    private CancellationTokenSource _woken = new();
    private volatile bool _draining = journal.FindFact(Fact) is not null;
    private volatile bool _drained;
    private MarketMembership? _next;

    /// <summary>No new job is taken: the queue is left, and the host ends with the job that it has.</summary>
    public bool IsDraining => _draining;

    /// <summary>It has no job and no place in a queue any more.</summary>
    public bool IsDrained => _drained;

    /// <summary>Cancelled when the job of a host that drains is to be stopped with <see cref="Jobs.StopReason.HostShutDown"/>.</summary>
    public CancellationToken JobsEnd => _jobsEnd.Token;

    /// <summary>The market to serve from the next step on; null for the same.</summary>
    public MarketMembership? NextMarket => Volatile.Read(ref _next);

    /// <summary>Cancelled with the next change. To be taken before anything else here is looked at, or a change in between is slept through.</summary>
    public CancellationToken Woken => Volatile.Read(ref _woken).Token;

    public void Drain()
    {
        _draining = true;
        try
        {
            journal.SaveFact(Fact, "true"u8.ToArray());
        }
        catch (JournalFullException)
        {
            // a full disk keeps no host from draining; it is not remembered
        }
        Wake();
    }

    /// <summary>The host ends, and was not killed: the next start takes work again.</summary>
    public void Forget() => journal.SaveFact(Fact, null);

    /// <summary>As <see cref="Drain"/>, and the job that runs is stopped now, its result published and its run finished.</summary>
    public void StopJobs()
    {
        Drain();
        _jobsEnd.Cancel();
    }

    public void MarkDrained() => _drained = true;

    public void ChangeMarket(MarketMembership market)
    {
        Volatile.Write(ref _next, market);
        Wake();
    }

    /// <summary>The host is in no queue: from here on the next market is the one that it serves.</summary>
    public MarketMembership? TakeNextMarket() => Interlocked.Exchange(ref _next, null);

    public void Dispose()
    {
        _jobsEnd.Dispose();
        _woken.Dispose();
    }

    private void Wake() => Interlocked.Exchange(ref _woken, new CancellationTokenSource()).Cancel();
}
