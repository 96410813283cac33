using Nosana.Deployments.Model;
using Nosana.Deployments.Store;

namespace Nosana.Deployments.Reconciling;

/// <summary>A deployment while a pass works on it: what was read, and what of it has changed since.</summary>
internal sealed class Draft
{
    private readonly Rows<DeploymentJob> _jobs;
    private readonly Rows<ChainTarget> _targets;
    private readonly Rows<ChainTransaction> _transactions;
    private readonly List<DeploymentEvent> _events = [];
    private Deployment _read;

    /// <param name="snapshot">As it was read.</param>
    /// <param name="others">Jobs that a target is about and that the snapshot left out, since they ended in an earlier run.</param>
    /// <param name="now">The time of this pass.</param>
    public Draft(DeploymentSnapshot snapshot, IEnumerable<DeploymentJob> others, DateTimeOffset now)
    {
        Now = now;
        Deployment = _read = snapshot.Deployment;
        _jobs = new Rows<DeploymentJob>(job => job.Job, [.. snapshot.Jobs, .. others]);
        _targets = new Rows<ChainTarget>(target => target.Key, snapshot.Targets);
        _transactions = new Rows<ChainTransaction>(one => one.Signature, snapshot.Transactions);
    }

    public DateTimeOffset Now { get; }

    public Deployment Deployment { get; set; }

    public IReadOnlyCollection<DeploymentJob> Jobs => _jobs.All;

    /// <summary>Those that are neither confirmed nor dropped.</summary>
    public IEnumerable<ChainTarget> OpenTargets => _targets.All.Where(target => target.State is TargetState.Planned or TargetState.Signed);

    public IEnumerable<ChainTransaction> OpenTransactions => _transactions.All.Where(one => one.State is TransactionState.Signed or TransactionState.Sent);

    public DeploymentJob? FindJob(string job) => _jobs.Find(job);

    public ChainTarget? FindTarget(string key) => _targets.Find(key);

    public ChainTarget? TargetOf(string signature) => OpenTargets.FirstOrDefault(target => target.Signature == signature);

    public void Put(DeploymentJob job) => _jobs.Put(job);

    public void Put(ChainTarget target) => _targets.Put(target);

    public void Put(ChainTransaction transaction) => _transactions.Put(transaction);

    /// <summary>A look missed what was there: another one decides.</summary>
    public bool IsSomethingMissed { get; set; }

    public void Tell(DeploymentEvent one) => _events.Add(one);

    public void Aim(TargetKind kind, string job, TimeSpan? timeout = null, string? reason = null)
    {
        string key = ChainTarget.KeyOf(kind, job, timeout);
        if (_targets.Find(key) is not null) return;
        Put(new ChainTarget
        {
            Key = key,
            Deployment = Deployment.Id,
            Kind = kind,
            Job = job,
            Timeout = timeout,
            Reason = reason,
            CreatedAt = Now,
        });
    }

    public bool IsChanged => Deployment != _read || _jobs.IsChanged || _targets.IsChanged || _transactions.IsChanged || _events.Count > 0;

    public DeploymentChange ToChange() => new(Deployment)
    {
        NewJobs = _jobs.New,
        ChangedJobs = _jobs.Changed,
        NewTargets = _targets.New,
        ChangedTargets = _targets.Changed,
        NewTransactions = _transactions.New,
        ChangedTransactions = _transactions.Changed,
        Events = [.. _events],
    };

    /// <summary>All of it is written down.</summary>
    public void Saved(Deployment saved)
    {
        Deployment = _read = saved;
        _jobs.Saved();
        _targets.Saved();
        _transactions.Saved();
        _events.Clear();
    }

    private sealed class Rows<T>(Func<T, string> key, IEnumerable<T> read) where T : class
    {
        private readonly Dictionary<string, T> _all = read.ToDictionary(key);
        private readonly HashSet<string> _new = [], _changed = [];

        public IReadOnlyCollection<T> All => [.. _all.Values];

        public IReadOnlyList<T> New => [.. _new.Select(one => _all[one])];

        public IReadOnlyList<T> Changed => [.. _changed.Select(one => _all[one])];

        public bool IsChanged => _new.Count + _changed.Count > 0;

        public T? Find(string name) => _all.GetValueOrDefault(name);

        public void Put(T one)
        {
            string name = key(one);
            if (_all.TryGetValue(name, out T? before))
            {
                if (before.Equals(one)) return;
                if (!_new.Contains(name)) _changed.Add(name);
            }
            else
            {
                _new.Add(name);
            }
            _all[name] = one;
        }

        public void Saved()
        {
            _new.Clear();
            _changed.Clear();
        }
    }
}
