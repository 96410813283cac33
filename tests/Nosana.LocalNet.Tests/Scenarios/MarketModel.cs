using Nosana.Programs.Accounts;
using Nosana.Programs.Money;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Tests.Scenarios;

/// <summary>
/// A market as a few lists, for comparison with the programs: which calls succeed, who waits, what the vault owes. Each method says whether the call
/// succeeds and, if so, does what it does. Of the calls that break the market's books (a second claim, recovering a claimed job) it knows nothing.
/// </summary>
internal sealed class MarketModel(PublicKey authority)
{
    public List<PublicKey> Queue { get; } = [];

    public QueueType QueueType { get; private set; } = QueueType.Empty;

    public Dictionary<PublicKey, ModelJob> Jobs { get; } = [];

    public Dictionary<PublicKey, ModelRun> Runs { get; } = [];

    public ulong Price { get; set; } = JobsScenario.Price;

    /// <summary>Deposits of all jobs that are queued, running or stopped.</summary>
    public ulong Owed => Jobs.Values.Where(job => job.State != JobState.Done).Aggregate(0UL, (sum, job) => sum + JobPayment.Deposit(job.Price, job.Timeout));

    public void List(PublicKey job, PublicKey run, PublicKey project, long timeout, long now)
    {
        Jobs[job] = new ModelJob(project, Price, timeout);
        if (QueueType == QueueType.Node) Runs[run] = new ModelRun(job, Pop(), project, now);
        else Push(job, QueueType.Job);
    }

    public bool Assign(PublicKey job, PublicKey run, PublicKey node, PublicKey project, long timeout, long now)
    {
        if (QueueType != QueueType.Node || !Take(node)) return false;
        Jobs[job] = new ModelJob(project, Price, timeout);
        Runs[run] = new ModelRun(job, node, project, now);
        return true;
    }

    public bool Work(PublicKey node, PublicKey run, long now)
    {
        if (QueueType == QueueType.Job)
        {
            Runs[run] = new ModelRun(Pop(), node, node, now);
            return true;
        }
        if (Queue.Contains(node)) return false;
        Push(node, QueueType.Node);
        return true;
    }

    public bool Stop(PublicKey node, PublicKey by) => QueueType == QueueType.Node && (by == node || by == authority) && Take(node);

    public bool Delist(PublicKey job, PublicKey by)
    {
        if (Jobs[job].Project != by || Jobs[job].State != JobState.Queued || QueueType != QueueType.Job || !Take(job)) return false;
        return Jobs.Remove(job);
    }

    public bool Extend(PublicKey job, PublicKey by, long timeout)
    {
        ModelJob known = Jobs[job];
        if (known.Project != by || known.State != JobState.Queued || timeout <= known.Timeout) return false;
        Jobs[job] = known with { Timeout = timeout };
        return true;
    }

    public bool Finish(PublicKey run, PublicKey by, long now) => Runs[run].Node == by && Done(run, now);

    public bool End(PublicKey run, PublicKey by, long now) => Jobs[Runs[run].Job].Project == by && Done(run, now);

    public bool Quit(PublicKey run, PublicKey by)
    {
        if (Runs[run].Node != by) return false;
        Jobs[Runs[run].Job] = Jobs[Runs[run].Job] with { State = JobState.Stopped };
        return Runs.Remove(run);
    }

    public bool Claim(PublicKey job, PublicKey run, PublicKey node, long now)
    {
        if (Jobs[job].State != JobState.Stopped) return false;
        Runs[run] = new ModelRun(job, node, node, now);
        return true;
    }

    public bool Recover(PublicKey job, PublicKey by) => Jobs[job].Project == by && Jobs[job].State == JobState.Stopped && Jobs.Remove(job);

    public bool Clean(PublicKey job, long now) => Jobs[job].State == JobState.Done && now - Jobs[job].End > JobsScenario.Expiration && Jobs.Remove(job);

    private bool Done(PublicKey run, long now)
    {
        Jobs[Runs[run].Job] = Jobs[Runs[run].Job] with { State = JobState.Done, Start = Runs[run].Start, End = now };
        return Runs.Remove(run);
    }

    private void Push(PublicKey address, QueueType type)
    {
        Queue.Add(address);
        QueueType = type;
    }

    private PublicKey Pop()
    {
        PublicKey head = Queue[0];
        Take(head);
        return head;
    }

    private bool Take(PublicKey address)
    {
        bool found = Queue.Remove(address);
        if (Queue.Count == 0) QueueType = QueueType.Empty;
        return found;
    }
}

/// <summary>A job of the model; its project pays.</summary>
internal sealed record ModelJob(PublicKey Project, ulong Price, long Timeout, JobState State = JobState.Queued, long Start = 0, long End = 0);

/// <summary>A run of the model.</summary>
internal sealed record ModelRun(PublicKey Job, PublicKey Node, PublicKey Payer, long Start);
