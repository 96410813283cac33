using System.Globalization;
using System.Text;
using Nosana.Deployments.Chain;
using Nosana.Deployments.Store;
using Nosana.Deployments.Vaults;
using Nosana.Programs.Accounts;
using Nosana.Programs.Money;
using Nosana.Solana.Rpc.Sending;
using Nosana.Solana.Wallet;

namespace Nosana.Deployments.Tests.Reconciling;

/// <summary>A process that is killed: whatever it was about to do next is not done.</summary>
internal sealed class KilledException : Exception;

/// <summary>The jobs program in memory: deposits, jobs, runs, and transactions that land once.</summary>
internal sealed class FakeChain(TimeProvider time) : IDeploymentChain, IJobDocuments
{
    public const ulong Price = 100;
    private const ulong Fee = 5000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, SeenJob> _jobs = [];
    private readonly Dictionary<string, ChainCall> _signed = [];
    private readonly HashSet<string> _landed = [], _expired = [];
    private int _signatures;
    private ulong _slot = 1;

    public static string Market { get; } = new Account().PublicKey.Key;

    public ulong Nos { get; set; } = 1_000_000_000;

    public ulong Lamports { get; set; } = 1_000_000_000;

    /// <summary>Micro-NOS that jobs hold on the market.</summary>
    public ulong Deposits { get; private set; }

    /// <summary>Every listing that landed.</summary>
    public List<string> Listings { get; } = [];

    /// <summary>Everything that landed.</summary>
    public List<ChainCall> Done { get; } = [];

    /// <summary>Hosts that wait on the market.</summary>
    public List<PublicKey> Waiting { get; } = [];

    public Dictionary<string, SeenJob> Jobs => _jobs;

    /// <summary>Called before each thing that is asked, and after each that has an effect.</summary>
    public Action<string> Crossed { get; set; } = _ => { };

    /// <summary>Why signing is refused; null lets it.</summary>
    public string? Refusal { get; set; }

    /// <summary>The next transactions are said to have expired; they land all the same where the second is true.</summary>
    public (int Count, bool Lands) Expire { get; set; }

    /// <summary>Jobs that looks miss.</summary>
    public HashSet<string> Hidden { get; } = [];

    public Task<string> PublishAsync(Deployments.Model.Deployment deployment, DeploymentRevision revision, CancellationToken cancellationToken)
    {
        Crossed("publish");
        return Task.FromResult("QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn");
    }

    public Task<MarketLook?> LookAtMarketAsync(string market, CancellationToken cancellationToken)
    {
        Crossed("market");
        MarketLook? found = market == Market
            ? new MarketLook(
                new MarketAccount { JobPrice = Price, QueueType = Waiting.Count > 0 ? QueueType.Node : QueueType.Empty, Queue = [.. Waiting] }, new Prices(Price))
            : null;
        return Task.FromResult(found);
    }

    public Task<JobsLook> LookAtJobsAsync(IReadOnlyCollection<string> jobs, CancellationToken cancellationToken)
    {
        Crossed("look");
        lock (_lock)
            return Task.FromResult(new JobsLook(jobs.Where(job => _jobs.ContainsKey(job) && !Hidden.Contains(job)).ToDictionary(job => job, job => _jobs[job]), ++_slot));
    }

    public Task<IReadOnlyDictionary<string, string?>> ActiveJobsAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyDictionary<string, string?>>(_jobs.Where(job => job.Value.Account.State == JobState.Queued)
                .ToDictionary(job => job.Key, job => job.Value.Run is null ? null : job.Value.RunAddress.Key));
        }
    }

    public Task<Funds> FundsAsync(string vault, CancellationToken cancellationToken)
    {
        Crossed("funds");
        return Task.FromResult(new Funds(Nos, Lamports));
    }

    public Task<Signing> SignAsync(string vault, ChainCall call, CancellationToken cancellationToken)
    {
        Crossed("sign");
        if (Refusal is not null) return Task.FromResult(new Signing(null, Refusal));
        lock (_lock)
        {
            string signature = string.Create(CultureInfo.InvariantCulture, $"sig{++_signatures}");
            _signed[signature] = call;
            return Task.FromResult(new Signing(new PreparedTransaction(signature, 100, Encoding.UTF8.GetBytes(signature)), null));
        }
    }

    public Task<TransactionOutcome> SendAsync(ChainTransaction transaction, CancellationToken cancellationToken)
    {
        Crossed("before send");
        TransactionOutcome outcome;
        lock (_lock) outcome = Send(transaction.Signature);
        Crossed("after send");
        return Task.FromResult(outcome);
    }

    public void Take(string job, PublicKey? node = null)
    {
        lock (_lock) _jobs[job] = _jobs[job] with { RunAddress = new Account().PublicKey, Run = new RunAccount { Node = node ?? new Account().PublicKey, Time = Now } };
    }

    public void Finish(string job)
    {
        SeenJob seen = _jobs[job];
        End(job, seen.Run!, hasResult: true);
    }

    public void Quit(string job) => _jobs[job] = new SeenJob(_jobs[job].Account with { State = JobState.Stopped });

    private long Now => time.GetUtcNow().ToUnixTimeSeconds();

    private TransactionOutcome Send(string signature)
    {
        if (_landed.Contains(signature)) return new TransactionOutcome.Confirmed(signature, ++_slot);
        if (_expired.Contains(signature)) return new TransactionOutcome.Expired(signature);
        if (Expire.Count > 0)
        {
            Expire = (Expire.Count - 1, Expire.Lands);
            _expired.Add(signature);
            if (Expire.Lands) Do(_signed[signature]);
            return new TransactionOutcome.Expired(signature);
        }
        if (Do(_signed[signature]) is { } refused) return new TransactionOutcome.Failed(signature, null, refused, [], Landed: true);
        _landed.Add(signature);
        return new TransactionOutcome.Confirmed(signature, ++_slot);
    }

    private string? Do(ChainCall call)
    {
        switch (call)
        {
            case ChainCall.List list:
                using (Account account = Account.FromSeed(list.JobSeed))
                {
                    string job = account.PublicKey.Key;
                    ulong deposit = JobPayment.Deposit(Price, list.Timeout);
                    if (_jobs.ContainsKey(job)) return "the account exists";
                    if (Nos < deposit) return "insufficient funds";
                    _jobs[job] = new SeenJob(new JobAccount { Price = Price, Timeout = list.Timeout, Market = new PublicKey(list.Market) });
                    Pay(deposit);
                    Listings.Add(job);
                    if (list.Node is { } node) Take(job, new PublicKey(node));
                }
                break;
            case ChainCall.Extend extend:
                JobAccount before = _jobs[extend.Job].Account;
                if (extend.Timeout <= before.Timeout) return "not greater";
                Pay(JobPayment.Deposit(Price, extend.Timeout - before.Timeout));
                _jobs[extend.Job] = _jobs[extend.Job] with { Account = before with { Timeout = extend.Timeout } };
                break;
            case ChainCall.Delist delist:
                if (!_jobs.TryGetValue(delist.Job, out SeenJob? queued) || queued.Run is not null) return "in no queue";
                Close(delist.Job);
                break;
            case ChainCall.End end:
                if (_jobs[end.Job].Run is not { } run) return "no run";
                End(end.Job, run, hasResult: false);
                break;
            case ChainCall.Recover recover:
                if (!_jobs.TryGetValue(recover.Job, out SeenJob? stopped) || stopped.Account.State != JobState.Stopped) return "wrong state";
                Close(recover.Job);
                break;
        }
        Done.Add(call);
        Lamports -= Fee;
        return null;
    }

    private void End(string job, RunAccount run, bool hasResult)
    {
        JobAccount account = _jobs[job].Account;
        Deposits -= JobPayment.Deposit(Price, account.Timeout);
        Nos += JobPayment.Refund(Price, run.Time, Now, account.Timeout);
        byte[] result = new byte[JobAccount.DigestLength];
        result[0] = hasResult ? (byte)1 : (byte)0;
        _jobs[job] = new SeenJob(account with { State = JobState.Done, Node = run.Node, TimeStart = run.Time, TimeEnd = Now, IpfsResult = result });
    }

    private void Close(string job)
    {
        ulong deposit = JobPayment.Deposit(Price, _jobs[job].Account.Timeout);
        Deposits -= deposit;
        Nos += deposit;
        _jobs.Remove(job);
    }

    private void Pay(ulong deposit)
    {
        Nos -= deposit;
        Deposits += deposit;
    }
}
