using System.Collections.Concurrent;
using Nosana.Node.Chain;
using Nosana.Node.Jobs;
using Nosana.Node.Jobs.State;
using Nosana.Programs.Accounts;

namespace Nosana.Node.Market.Confidential;

/// <summary>
/// What the owners of jobs and the jobs' runs hand each other past the chain and IPFS: who the owner is, a confidential job's definition, its result. In memory
/// alone: what is lost with this process is asked of the owner again.
/// </summary>
internal sealed class OwnerDesk(JobOwners owners, RunningJobs jobs, TimeProvider time)
{
    /// <summary>Results that were not fetched, or may be fetched again, in all.</summary>
    public const long KeptBytes = 64L << 20;

    /// <summary>The official host's: so long what an owner has missed is there for him.</summary>
    public static readonly TimeSpan Keep = TimeSpan.FromHours(24);

    private readonly ConcurrentDictionary<string, Waiting> _waiting = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly List<Handed> _results = [];

    /// <summary>From here on the job's owner is known, and can stop it, until the answer is disposed.</summary>
    public IDisposable Open(string job, JobAccount account, JobControl control)
    {
        owners.Note(job, JobOwner.Of(account));
        return jobs.Hold(job, control);
    }

    /// <summary>The job was extended: what its owner has signed is good for longer.</summary>
    public void Extended(string job, long timeout)
    {
        if (owners.FindKnown(job) is { } owner && timeout > owner.Timeout) owners.Note(job, owner with { Timeout = timeout });
    }

    /// <summary>Waits until the owner brings his definition.</summary>
    public async Task<byte[]> DefinitionAsync(string job, CancellationToken cancel)
    {
        var waiting = new Waiting(time.GetUtcNow().ToUnixTimeMilliseconds());
        _waiting[job] = waiting;
        try
        {
            return await waiting.Definition.Task.WaitAsync(cancel);
        }
        finally
        {
            _waiting.TryRemove(KeyValuePair.Create(job, waiting));
        }
    }

    /// <returns>False when it is not waited for, or is there already.</returns>
    public bool TryGiveDefinition(string job, byte[] utf8Json) => _waiting.TryGetValue(job, out Waiting? waiting) && waiting.Definition.TrySetResult(utf8Json);

    /// <summary>The state of a job that waits for its owner; null when it does not.</summary>
    public FlowState? StateOf(string job)
    {
        if (_waiting.TryGetValue(job, out Waiting? waiting)) return new FlowState { Status = FlowStatus.WaitingForJobDefinition, StartTime = waiting.Since };
        lock (_lock)
        {
            return _results.Find(result => result.Job == job) is { IsFetched.Task.IsCompleted: false } handed ? ResultJson.Read(handed.Result) : null;
        }
    }

    /// <summary>Lays a result out for its owner, and waits until he has fetched it.</summary>
    public async Task LayOutAsync(string job, byte[] result, CancellationToken cancel)
    {
        var handed = new Handed(job, result, time.GetUtcNow());
        lock (_lock)
        {
            _results.RemoveAll(other => other.Job == job || other.Since + Keep < time.GetUtcNow());
            _results.Add(handed);
            while (_results.Count > 1 && _results.Sum(other => other.Result.LongLength) > KeptBytes) _results.RemoveAt(0);
        }
        await handed.IsFetched.Task.WaitAsync(cancel);
    }

    /// <summary>The result that is laid out for the owner, who has it with that; null when none is.</summary>
    public byte[]? TakeResult(string job)
    {
        lock (_lock)
        {
            if (_results.Find(result => result.Job == job && result.Since + Keep >= time.GetUtcNow()) is not { } handed) return null;
            handed.IsFetched.TrySetResult();
            return handed.Result;
        }
    }

    private sealed record Waiting(long Since)
    {
        public TaskCompletionSource<byte[]> Definition { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed record Handed(string Job, byte[] Result, DateTimeOffset Since)
    {
        public TaskCompletionSource IsFetched { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
