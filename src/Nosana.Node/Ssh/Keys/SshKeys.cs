using System.Runtime.CompilerServices;
using Nosana.JobDefinition.Ssh;
using Nosana.Node.Jobs;
using Nosana.Node.Journal;

namespace Nosana.Node.Ssh.Keys;

/// <summary>
/// Which keys may reach which job: those of its definition and those that its owner granted, less those that he revoked. What was granted and revoked is
/// in the journal before it counts, and goes with the run.
/// </summary>
internal sealed class SshKeys(RunningJobs jobs, JournalStore journal, TimeProvider time)
{
    /// <summary>By the runner: a job that runs anew is read anew.</summary>
    private readonly ConditionalWeakTable<JobRunner, Dictionary<string, KeyRow>> _rows = [];
    private readonly Lock _lock = new();

    /// <summary>Keys that open a session now; null where the job does not run here.</summary>
    public IReadOnlyList<SshGrant>? Of(string job)
    {
        if (!jobs.TryFind(job, out JobRunner? runner)) return null;
        lock (_lock) return Effective(runner);
    }

    /// <param name="identity">See <see cref="SshPublicKey.Identity"/>.</param>
    public bool Allows(string job, string identity) => Of(job)?.Any(grant => grant.Key.Identity == identity) == true;

    /// <summary>From now on the key may reach the job. One that is there gets the new time, unless it lasts without one.</summary>
    /// <returns>What counts for the key now.</returns>
    /// <exception cref="SshKeyException">The job does not run here, or has too many keys.</exception>
    public SshGrant Grant(string job, SshPublicKey key, DateTimeOffset? expiresAt)
    {
        JobRunner runner = Find(job);
        lock (_lock)
        {
            IReadOnlyList<SshGrant> present = Effective(runner);
            if (expiresAt is not null && present.FirstOrDefault(grant => grant.Key.Equals(key)) is { ExpiresAt: null } lasting) return lasting;
            Require(present.Select(grant => grant.Key).Append(key));
            Write(runner, new KeyRow(job, key.Identity, key.ToString(), expiresAt?.ToUnixTimeMilliseconds(), false));
            return new SshGrant(key, expiresAt);
        }
    }

    /// <summary>From now on the key opens no session, whatever brought it. One that is not there is revoked already.</summary>
    /// <exception cref="SshKeyException">The job does not run here.</exception>
    public void Revoke(string job, SshPublicKey key)
    {
        JobRunner runner = Find(job);
        lock (_lock) Revoke(runner, key);
    }

    /// <summary>These are the keys that last, and no others; those with a time stay.</summary>
    /// <exception cref="SshKeyException">The job does not run here, or these are too many.</exception>
    public void Replace(string job, IReadOnlyCollection<SshPublicKey> keys)
    {
        JobRunner runner = Find(job);
        lock (_lock)
        {
            IReadOnlyList<SshGrant> present = Effective(runner);
            Require(present.Where(grant => grant.ExpiresAt is not null).Select(grant => grant.Key).Concat(keys));
            foreach (SshGrant grant in present.Where(grant => grant.ExpiresAt is null && !keys.Contains(grant.Key))) Revoke(runner, grant.Key);
            foreach (SshPublicKey key in keys.Distinct()) Write(runner, new KeyRow(job, key.Identity, key.ToString(), null, false));
        }
    }

    private JobRunner Find(string job) => jobs.TryFind(job, out JobRunner? runner)
        ? runner
        : throw new SshKeyException(SshKeyProblem.NoJob, "This job does not run here, so that no key can reach it.");

    private static void Require(IEnumerable<SshPublicKey> keys)
    {
        var set = new SshKeySet();
        if (keys.Select(set.Add).FirstOrDefault(fault => fault is not null) is { } tooMuch)
            throw new SshKeyException(SshKeyProblem.TooMany, $"This key {tooMuch}.");
    }

    private List<SshGrant> Effective(JobRunner runner)
    {
        Dictionary<string, KeyRow> rows = RowsOf(runner);
        var keys = new List<SshGrant>();
        foreach (SshPublicKey key in DefinedKeys(runner))
            if (!rows.ContainsKey(key.Identity)) keys.Add(new SshGrant(key, null));
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (KeyRow row in rows.Values)
        {
            if (row.Revoked || row.ExpiresAt <= now || !SshPublicKey.TryParse(row.Line, out SshPublicKey? key, out _)) continue;
            keys.Add(new SshGrant(key, row.ExpiresAt is { } until ? DateTimeOffset.FromUnixTimeMilliseconds(until) : null));
        }
        return keys;
    }

    private void Revoke(JobRunner runner, SshPublicKey key)
    {
        string job = runner.Job.Request.Job;
        if (DefinedKeys(runner).Contains(key))
        {
            Write(runner, new KeyRow(job, key.Identity, key.ToString(), null, true)); // the definition itself stays as it is
            return;
        }
        journal.DeleteSshKey(job, key.Identity);
        RowsOf(runner).Remove(key.Identity);
    }

    private void Write(JobRunner runner, KeyRow row)
    {
        Dictionary<string, KeyRow> rows = RowsOf(runner);
        // Of those whose time is over nothing needs to be known, and so the rows are never many.
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (KeyRow over in rows.Values.Where(other => other.ExpiresAt <= now && other.Key != row.Key).ToArray())
        {
            journal.DeleteSshKey(over.Job, over.Key);
            rows.Remove(over.Key);
        }
        journal.Save(row);
        rows[row.Key] = row;
    }

    private Dictionary<string, KeyRow> RowsOf(JobRunner runner) => _rows.GetValue(
        runner, found => journal.SshKeysOf(found.Job.Request.Job).ToDictionary(row => row.Key, StringComparer.Ordinal));

    private static IReadOnlyList<SshPublicKey> DefinedKeys(JobRunner runner) => runner.Job.Request.Definition.Ssh?.PublicKeys ?? [];
}

/// <summary>A key cannot be granted or revoked; the message is for whoever asked.</summary>
internal sealed class SshKeyException(SshKeyProblem problem, string message) : Exception(message)
{
    public SshKeyProblem Problem { get; } = problem;
}

internal enum SshKeyProblem
{
    /// <summary>The job does not run here.</summary>
    NoJob,

    /// <summary>It would have more than it may.</summary>
    TooMany,
}
