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
            throw new JournalException($"The journal {path} cannot be used: {e.Message}. Move the file away to begin with an empty one; running jobs are then found on chain and by their containers' labels.", e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Writes the run whole; the row of the same address is replaced.</summary>
    public void Save(RunRecord run)
    {
        Execute(
            """
            INSERT INTO runs (run, job, market, phase, definition, flow_state, reason, result_cid, claimed_at, updated_at)
            VALUES ($run, $job, $market, $phase, $definition, $flow, $reason, $cid, $claimed, $updated)
            ON CONFLICT (run) DO UPDATE SET phase = $phase, definition = $definition, flow_state = $flow, reason = $reason, result_cid = $cid, updated_at = $updated
            """,
            ("$run", run.Run), ("$job", run.Job), ("$market", run.Market), ("$phase", run.Phase.ToString()), ("$definition", run.Definition), ("$flow", run.FlowState),
            ("$reason", run.Reason), ("$cid", run.ResultCid), ("$claimed", run.ClaimedAt), ("$updated", Now));
    }

    public RunRecord? FindRun(string run) => Read("SELECT * FROM runs WHERE run = $run", ReadRun, ("$run", run)).FirstOrDefault();

    /// <summary>The newest run of a job that this host has had.</summary>
    public RunRecord? FindRunOfJob(string job) => Read("SELECT * FROM runs WHERE job = $job ORDER BY claimed_at DESC, rowid DESC LIMIT 1", ReadRun, ("$job", job)).FirstOrDefault();

    /// <summary>Runs that are not <see cref="RunPhase.Closed"/>, oldest first.</summary>
    public IReadOnlyList<RunRecord> OpenRuns() => Read("SELECT * FROM runs WHERE phase <> 'Closed' ORDER BY claimed_at, rowid", ReadRun);

    /// <summary>Drops closed runs past <see cref="KeepClosedRuns"/> with the transactions of that time.</summary>
    public void Prune()
    {
        long before = _time.GetUtcNow().Subtract(KeepClosedRuns).ToUnixTimeMilliseconds();
        Execute("DELETE FROM runs WHERE phase = 'Closed' AND updated_at < $before", ("$before", before));
        Execute("DELETE FROM transactions WHERE state <> 'sent' AND updated_at < $before", ("$before", before));
    }

    public void SaveTransaction(SentTransaction transaction) => Execute(
        """
        INSERT INTO transactions (signature, intent, last_valid_block_height, state, updated_at) VALUES ($signature, $intent, $height, $state, $updated)
        ON CONFLICT (signature) DO UPDATE SET state = $state, updated_at = $updated
        """,
        ("$signature", transaction.Signature), ("$intent", transaction.Intent), ("$height", checked((long)transaction.LastValidBlockHeight)), ("$state", transaction.State), ("$updated", Now));

    /// <summary>Transactions of an intent whose fate is unknown: they must be settled before the intent is tried again.</summary>
    public IReadOnlyList<SentTransaction> UnsettledTransactions(string intent) => [.. Transactions(intent).Where(transaction => transaction.State == "sent")];

    /// <summary>Every transaction of an intent, the last changed one last.</summary>
    public IReadOnlyList<SentTransaction> Transactions(string intent) => Read(
        "SELECT signature, intent, last_valid_block_height, state FROM transactions WHERE intent = $intent ORDER BY updated_at, rowid",
        row => new SentTransaction(row.GetString(0), row.GetString(1), checked((ulong)row.GetInt64(2)), row.GetString(3)), ("$intent", intent));

    /// <summary>Whether a transaction of this intent is known to have landed.</summary>
    public bool HasLanded(string intent) => Transactions(intent).Any(transaction => transaction.State == "confirmed");

    /// <summary>Writes a cached resource whole; <see cref="CachedResource.LastUsed"/> becomes now.</summary>
    public void Save(CachedResource resource) => Execute(
        """
        INSERT INTO resources (key, volume, source, bytes, complete, last_used) VALUES ($key, $volume, $source, $bytes, $complete, $now)
        ON CONFLICT (key) DO UPDATE SET volume = $volume, source = $source, bytes = $bytes, complete = $complete, last_used = $now
        """,
        ("$key", resource.Key), ("$volume", resource.Volume), ("$source", resource.Source), ("$bytes", resource.Bytes), ("$complete", resource.Complete ? 1 : 0), ("$now", Now));

    public void TouchResource(string key) => Execute("UPDATE resources SET last_used = $now WHERE key = $key", ("$now", Now), ("$key", key));

    public void DeleteResource(string key) => Execute("DELETE FROM resources WHERE key = $key", ("$key", key));

    /// <summary>All cached resources, the one that was not used for longest first.</summary>
    public IReadOnlyList<CachedResource> CachedResources() => Read(
        "SELECT key, volume, source, bytes, complete, last_used FROM resources ORDER BY last_used, rowid",
        row => new CachedResource { Key = row.GetString(0), Volume = row.GetString(1), Source = row.GetString(2), Bytes = row.GetInt64(3), Complete = row.GetInt64(4) != 0, LastUsed = row.GetInt64(5) });

    public void Dispose() => _connection.Dispose();

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private void CreateSchema(string path)
    {
        Execute("PRAGMA journal_mode = WAL");
        Execute("PRAGMA synchronous = FULL");
        long version = Read("PRAGMA user_version", row => row.GetInt64(0))[0];
        if (version > SchemaVersion)
            throw new JournalException($"The journal {path} has version {version}, this program writes {SchemaVersion}: it belongs to a newer nosana-node. Use that one, or another --state directory.");
        Execute(
            $"""
            CREATE TABLE IF NOT EXISTS runs (
                run TEXT PRIMARY KEY, job TEXT NOT NULL, market TEXT NOT NULL, phase TEXT NOT NULL, definition BLOB, flow_state BLOB,
                reason TEXT, result_cid TEXT, claimed_at INTEGER NOT NULL, updated_at INTEGER NOT NULL);
            CREATE INDEX IF NOT EXISTS runs_job ON runs (job);
            CREATE TABLE IF NOT EXISTS transactions (
                signature TEXT PRIMARY KEY, intent TEXT NOT NULL, last_valid_block_height INTEGER NOT NULL, state TEXT NOT NULL, updated_at INTEGER NOT NULL);
            CREATE TABLE IF NOT EXISTS resources (
                key TEXT PRIMARY KEY, volume TEXT NOT NULL, source TEXT NOT NULL, bytes INTEGER NOT NULL, complete INTEGER NOT NULL, last_used INTEGER NOT NULL);
            CREATE TABLE IF NOT EXISTS images (
                reference TEXT PRIMARY KEY, image_id TEXT, bytes INTEGER NOT NULL, private INTEGER NOT NULL, required INTEGER NOT NULL, last_used INTEGER NOT NULL);
            CREATE INDEX IF NOT EXISTS transactions_intent ON transactions (intent, state);
            CREATE TABLE IF NOT EXISTS posts (job TEXT PRIMARY KEY, content TEXT NOT NULL);
            PRAGMA user_version = {SchemaVersion};
            """);
    }

    private void Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        lock (_lock)
        {
            using SqliteCommand command = Prepare(sql, parameters);
            command.ExecuteNonQuery();
        }
    }

    private List<T> Read<T>(string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        lock (_lock)
        {
            using SqliteCommand command = Prepare(sql, parameters);
            using SqliteDataReader reader = command.ExecuteReader();
            var rows = new List<T>();
            while (reader.Read()) rows.Add(row(reader));
            return rows;
        }
    }

    private SqliteCommand Prepare(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        SqliteCommand command = _connection.CreateCommand();
#pragma warning disable CA2100 // every statement is a constant of this file; values go in as parameters
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach ((string name, object? value) in parameters) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }

    private static RunRecord ReadRun(SqliteDataReader row) => new()
    {
        Run = row.GetString(row.GetOrdinal("run")),
        Job = row.GetString(row.GetOrdinal("job")),
        Market = row.GetString(row.GetOrdinal("market")),
        Phase = Enum.Parse<RunPhase>(row.GetString(row.GetOrdinal("phase"))),
        Definition = Blob(row, "definition"),
        FlowState = Blob(row, "flow_state"),
        Reason = Text(row, "reason"),
        ResultCid = Text(row, "result_cid"),
        ClaimedAt = row.GetInt64(row.GetOrdinal("claimed_at")),
        UpdatedAt = row.GetInt64(row.GetOrdinal("updated_at")),
    };

    private static string? Text(SqliteDataReader row, string column) => row.IsDBNull(row.GetOrdinal(column)) ? null : row.GetString(row.GetOrdinal(column));

    private static byte[]? Blob(SqliteDataReader row, string column) => row.IsDBNull(row.GetOrdinal(column)) ? null : row.GetFieldValue<byte[]>(row.GetOrdinal(column));
}
