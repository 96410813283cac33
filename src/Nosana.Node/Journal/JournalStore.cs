using System.Data;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Nosana.Node.Journal;

/// <summary>
/// What must survive a kill: runs, transactions and what is cached, in one SQLite file in WAL mode. Every write is one committed
/// statement with <c>synchronous=FULL</c>: when a method returns, the fact is on disk.
/// </summary>
internal sealed partial class JournalStore : IDisposable
{
    /// <summary>Closed runs are kept this long for <c>status</c> and for support.</summary>
    public static readonly TimeSpan KeepClosedRuns = TimeSpan.FromDays(30);

    private const int SchemaVersion = 1;

    private readonly SqliteConnection _connection;
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;

    static JournalStore() => DefaultTypeMap.MatchNamesWithUnderscores = true; // flow_state is FlowState

    private JournalStore(SqliteConnection connection, TimeProvider time)
    {
        _connection = connection;
        _time = time;
    }

    /// <summary>A journal for one short command: it settles nothing after a crash, and keeps nothing.</summary>
    public static JournalStore InMemory(TimeProvider time) => Open(":memory:", time);

    /// <exception cref="JournalException">The file cannot be opened, is damaged, or was written by a newer version.</exception>
    public static JournalStore Open(string path, TimeProvider time)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            connection.Open();
            var store = new JournalStore(connection, time);
            store.CreateSchema(path);
            return store;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw new JournalException(
                $"The journal {path} cannot be used: {e.Message}. Move the file away to begin with an empty one; " +
                "running jobs are then found on chain and by their containers' labels.",
                e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Writes the run whole; the row of the same address is replaced.</summary>
    public void Save(RunRecord run) => Execute(
        """
        INSERT INTO runs (run, job, market, phase, definition, flow_state, reason, result_cid, claimed_at, updated_at)
        VALUES (@Run, @Job, @Market, @Phase, @Definition, @FlowState, @Reason, @ResultCid, @ClaimedAt, @Now)
        ON CONFLICT (run) DO UPDATE SET
            phase = @Phase, definition = @Definition, flow_state = @FlowState, reason = @Reason, result_cid = @ResultCid, updated_at = @Now
        """,
        new { run.Run, run.Job, run.Market, Phase = run.Phase.ToString(), run.Definition, run.FlowState, run.Reason, run.ResultCid, run.ClaimedAt, Now });

    public RunRecord? FindRun(string run) => Read<RunRecord>("SELECT * FROM runs WHERE run = @run", new { run }).FirstOrDefault();

    /// <summary>The newest run of a job that this host has had.</summary>
    public RunRecord? FindRunOfJob(string job) =>
        Read<RunRecord>("SELECT * FROM runs WHERE job = @job ORDER BY claimed_at DESC, rowid DESC LIMIT 1", new { job }).FirstOrDefault();

    /// <summary>Runs that are not <see cref="RunPhase.Closed"/>, oldest first.</summary>
    public IReadOnlyList<RunRecord> OpenRuns() => Read<RunRecord>("SELECT * FROM runs WHERE phase <> 'Closed' ORDER BY claimed_at, rowid");

    /// <summary>Drops closed runs past <see cref="KeepClosedRuns"/> with the transactions of that time.</summary>
    public void Prune()
    {
        long before = _time.GetUtcNow().Subtract(KeepClosedRuns).ToUnixTimeMilliseconds();
        Execute("DELETE FROM runs WHERE phase = 'Closed' AND updated_at < @before", new { before });
        Execute("DELETE FROM transactions WHERE state <> 'sent' AND updated_at < @before", new { before });
    }

    public void SaveTransaction(SentTransaction transaction) => Execute(
        """
        INSERT INTO transactions (signature, intent, last_valid_block_height, state, updated_at)
        VALUES (@Signature, @Intent, @LastValidBlockHeight, @State, @Now)
        ON CONFLICT (signature) DO UPDATE SET state = @State, updated_at = @Now
        """,
        new { transaction.Signature, transaction.Intent, transaction.LastValidBlockHeight, transaction.State, Now });

    /// <summary>Transactions of an intent whose fate is unknown: they must be settled before the intent is tried again.</summary>
    public IReadOnlyList<SentTransaction> UnsettledTransactions(string intent) => [.. Transactions(intent).Where(transaction => transaction.State == "sent")];

    /// <summary>Every transaction of an intent, the last changed one last.</summary>
    public IReadOnlyList<SentTransaction> Transactions(string intent) => Read<SentTransaction>(
        "SELECT signature, intent, last_valid_block_height, state FROM transactions WHERE intent = @intent ORDER BY updated_at, rowid", new { intent });

    /// <summary>Whether a transaction of this intent is known to have landed.</summary>
    public bool HasLanded(string intent) => Transactions(intent).Any(transaction => transaction.State == "confirmed");

    /// <summary>Writes a cached resource whole; <see cref="CachedResource.LastUsed"/> becomes now.</summary>
    public void Save(CachedResource resource) => Execute(
        """
        INSERT INTO resources (key, volume, source, bytes, complete, last_used) VALUES (@Key, @Volume, @Source, @Bytes, @Complete, @LastUsed)
        ON CONFLICT (key) DO UPDATE SET volume = @Volume, source = @Source, bytes = @Bytes, complete = @Complete, last_used = @LastUsed
        """,
        resource with { LastUsed = Now });

    public void TouchResource(string key) => Execute("UPDATE resources SET last_used = @Now WHERE key = @key", new { Now, key });

    public void DeleteResource(string key) => Execute("DELETE FROM resources WHERE key = @key", new { key });

    /// <summary>All cached resources, the one that was not used for longest first.</summary>
    public IReadOnlyList<CachedResource> CachedResources() => Read<CachedResource>("SELECT * FROM resources ORDER BY last_used, rowid");

    public void Dispose() => _connection.Dispose();

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private void CreateSchema(string path)
    {
        Execute("PRAGMA journal_mode = WAL");
        Execute("PRAGMA synchronous = FULL");
        long version = Read<long>("PRAGMA user_version")[0];
        if (version > SchemaVersion)
        {
            throw new JournalException(
                $"The journal {path} has version {version}, this program writes {SchemaVersion}: it belongs to a newer nosana-node. " +
                "Use that one, or another --state directory.");
        }
        Execute(
            $"""
            CREATE TABLE IF NOT EXISTS runs (
                run TEXT PRIMARY KEY, job TEXT NOT NULL, market TEXT NOT NULL, phase TEXT NOT NULL, definition BLOB, flow_state BLOB,
                reason TEXT, result_cid TEXT, claimed_at INTEGER NOT NULL, updated_at INTEGER NOT NULL);
            CREATE INDEX IF NOT EXISTS runs_job ON runs (job);
            CREATE TABLE IF NOT EXISTS transactions (
                signature TEXT PRIMARY KEY, intent TEXT NOT NULL, last_valid_block_height INTEGER NOT NULL, state TEXT NOT NULL, updated_at INTEGER NOT NULL);
            CREATE TABLE IF NOT EXISTS resources (
                key TEXT PRIMARY KEY, volume TEXT NOT NULL, source TEXT NOT NULL, bytes INTEGER NOT NULL, complete INTEGER NOT NULL,
                last_used INTEGER NOT NULL);
            CREATE TABLE IF NOT EXISTS images (
                reference TEXT PRIMARY KEY, image_id TEXT, bytes INTEGER NOT NULL, private INTEGER NOT NULL, required INTEGER NOT NULL,
                last_used INTEGER NOT NULL);
            CREATE INDEX IF NOT EXISTS transactions_intent ON transactions (intent, state);
            CREATE TABLE IF NOT EXISTS posts (job TEXT PRIMARY KEY, content TEXT NOT NULL);
            PRAGMA user_version = {SchemaVersion};
            """);
    }

    /// <param name="parameters">Its properties are the statement's <c>@Names</c>, as they are written (SQLite tells case).</param>
    private void Execute(string sql, object? parameters = null)
    {
        lock (_lock) Opened().Execute(sql, parameters);
    }

    private List<T> Read<T>(string sql, object? parameters = null)
    {
        lock (_lock) return Opened().Query<T>(sql, parameters).AsList();
    }

    /// <summary>Dapper opens a closed connection by itself: after <see cref="Dispose"/> another process may hold the file.</summary>
    private SqliteConnection Opened()
    {
        ObjectDisposedException.ThrowIf(_connection.State != ConnectionState.Open, this);
        return _connection;
    }
}
