using System.Data;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Nosana.Node.Journal;

/// <summary>
/// What must survive a kill: runs, transactions and what is cached, in one SQLite file in WAL mode. Every write is one transaction with
/// <c>synchronous=FULL</c>: when a method returns, the fact is on disk.
/// </summary>
internal sealed partial class JournalStore : IDisposable
{
    /// <summary>Closed runs are kept this long for <c>status</c> and for support.</summary>
    public static readonly TimeSpan KeepClosedRuns = TimeSpan.FromDays(30);

    private readonly SqliteConnection _connection;
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private SqliteTransaction? _transaction;

    static JournalStore() => DefaultTypeMap.MatchNamesWithUnderscores = true; // result_cid is ResultCid

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
            JournalSchema.Prepare(connection, path);
            return new JournalStore(connection, time);
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

    /// <summary>
    /// A journal that is only looked at, whoever writes it meanwhile; nothing of it is changed, not even where an earlier version wrote it.
    /// </summary>
    /// <exception cref="JournalException">There is none, or it is not of this version.</exception>
    public static JournalStore OpenReadOnly(string path, TimeProvider time)
    {
        if (!File.Exists(path)) throw new JournalException($"There is no journal {path}: no host has run with that state directory.");
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, Mode = SqliteOpenMode.ReadOnly }.ToString());
        try
        {
            connection.Open();
            JournalSchema.RequireCurrent(connection, path);
            return new JournalStore(connection, time);
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw new JournalException($"The journal {path} cannot be read: {e.Message}. Read it as the user whom the host runs as.", e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Writes the run's own row.</summary>
    public void Save(RunRecord run) => Execute(
        """
        INSERT INTO runs (run, job, market, phase, reason, result_cid, owes_pin, claimed_at, updated_at)
        VALUES (@Run, @Job, @Market, @Phase, @Reason, @ResultCid, @OwesPin, @ClaimedAt, @Now)
        ON CONFLICT (run) DO UPDATE SET phase = @Phase, reason = @Reason, result_cid = @ResultCid, owes_pin = @OwesPin, updated_at = @Now
        """,
        new { run.Run, run.Job, run.Market, Phase = run.Phase.ToString(), run.Reason, run.ResultCid, run.OwesPin, run.ClaimedAt, Now });

    /// <summary>The chain has closed the run: of its definition and its flow nothing is needed any more.</summary>
    public void Close(RunRecord run) => Together(() =>
    {
        Save(run with { Phase = RunPhase.Closed });
        Execute("DELETE FROM definitions WHERE run = @Run", new { run.Run });
        ForgetFlow(run.Run);
        OpenLedger(run.Run);
    });

    public RunRecord? FindRun(string run) => Read<RunRecord>("SELECT * FROM runs WHERE run = @run", new { run }).FirstOrDefault();

    /// <summary>The newest run of a job that this host has had.</summary>
    public RunRecord? FindRunOfJob(string job) =>
        Read<RunRecord>("SELECT * FROM runs WHERE job = @job ORDER BY claimed_at DESC, rowid DESC LIMIT 1", new { job }).FirstOrDefault();

    /// <summary>Closed runs whose result is still to be pinned, the one that was closed first first.</summary>
    public IReadOnlyList<RunRecord> OwedPins() => Read<RunRecord>("SELECT * FROM runs WHERE phase = 'Closed' AND owes_pin ORDER BY updated_at, rowid");

    public void DropOwedPin(string run) => Execute("UPDATE runs SET owes_pin = 0 WHERE run = @run", new { run });

    /// <summary>Runs that are not <see cref="RunPhase.Closed"/>, oldest first.</summary>
    public IReadOnlyList<RunRecord> OpenRuns() => Read<RunRecord>("SELECT * FROM runs WHERE phase <> 'Closed' ORDER BY claimed_at, rowid");

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

    /// <summary>What the host must remember of itself, JSON by name; null forgets it.</summary>
    public void SaveFact(string name, byte[]? json)
    {
        if (json is null) Execute("DELETE FROM host_facts WHERE name = @name", new { name });
        else Execute("INSERT OR REPLACE INTO host_facts (name, json) VALUES (@name, @json)", new { name, json });
    }

    public byte[]? FindFact(string name) => Read<byte[]>("SELECT json FROM host_facts WHERE name = @name", new { name }).FirstOrDefault();

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <param name="parameters">Its properties are the statement's <c>@Names</c>, as they are written (SQLite tells case).</param>
    private void Execute(string sql, object? parameters = null)
    {
        lock (_lock) Opened().Execute(sql, parameters, _transaction);
    }

    private List<T> Read<T>(string sql, object? parameters = null)
    {
        lock (_lock) return Opened().Query<T>(sql, parameters, _transaction).AsList();
    }

    /// <summary>Dapper opens a closed connection by itself: after <see cref="Dispose"/> another process may hold the file.</summary>
    private SqliteConnection Opened()
    {
        ObjectDisposedException.ThrowIf(_connection.State != ConnectionState.Open, this);
        return _connection;
    }
}
