using System.Collections.Concurrent;
using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Chain;

/// <summary>
/// Whose the jobs of this host are. What a job's run has told is kept; of others the chain is asked, once each, so that nobody makes this host ask its
/// endpoints again and again.
/// </summary>
/// <param name="chain">Asked for when it is needed: a host that starts may not have it yet.</param>
internal sealed class JobOwners(Func<NosanaChain> chain)
{
    /// <summary>Of a hundred bytes each; a host has a few thousand jobs in a year.</summary>
    private const int MostKept = 10_000;

    private readonly ConcurrentDictionary<string, JobOwner> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Task<JobOwner?>> _asked = new(StringComparer.Ordinal);

    public void Note(string job, JobOwner owner)
    {
        if (_known.Count >= MostKept) _known.Clear(); // what is asked for again is found again
        _known[job] = owner;
    }

    public JobOwner? FindKnown(string job) => _known.GetValueOrDefault(job);

    /// <returns>Null when the chain has no such job.</returns>
    /// <exception cref="Nosana.Solana.Rpc.RpcException">The chain does not say.</exception>
    /// <exception cref="Nosana.Solana.Rpc.RpcUnavailableException">Nor does it answer.</exception>
    public async Task<JobOwner?> FindAsync(PublicKey job, CancellationToken cancel)
    {
        if (FindKnown(job.Key) is { } known) return known;
        // Not with the caller's token: whoever asks for the same meanwhile gets the same answer.
        Task<JobOwner?> answer = _asked.GetOrAdd(job.Key, _ => AskAsync(job));
        return await answer.WaitAsync(cancel);
    }

    private async Task<JobOwner?> AskAsync(PublicKey job)
    {
        await Task.Yield(); // it is among those asked before it is taken out again
        try
        {
            if (await chain().FindJobAsync(job, CancellationToken.None) is not { } account) return null;
            JobOwner owner = JobOwner.Of(account);
            Note(job.Key, owner);
            return owner;
        }
        finally
        {
            _asked.TryRemove(job.Key, out _);
        }
    }
}

/// <param name="Project">The key by which the job's poster is known.</param>
/// <param name="Timeout">What the job was paid for, in seconds.</param>
internal sealed record JobOwner(PublicKey Project, long Timeout)
{
    public static JobOwner Of(JobAccount account) => new(account.Project, account.Timeout);
}
