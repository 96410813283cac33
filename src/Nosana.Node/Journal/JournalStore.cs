using System.Data;
using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

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

    /// <summary>
    /// Opens the journal, or makes it. One that is damaged is set aside, and an empty one begun: what runs is found on chain and by its containers' labels.
    /// </summary>
    /// <exception cref="JournalException">The file cannot be opened, or was written by a newer version.</exception>
    public static JournalStore Open(string path, TimeProvider time)
    {
        if (TryOpen(path, time) is { } sound) return sound;
        string aside = string.Create(CultureInfo.InvariantCulture, $"{path}.damaged-{time.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}");
        foreach (string ending in (string[])["", "-wal", "-shm"])
            if (File.Exists(path + ending)) File.Move(path + ending, aside + ending, overwrite: true);
        JournalStore anew = TryOpen(path, time) ?? throw new JournalException($"The journal {path} is damaged as soon as it is made: look at its disk.");
        anew.SetAside = aside;
        return anew;
    }

    /// <summary>Where the journal was moved that was found damaged; null when it was sound.</summary>
    public string? SetAside { get; private set; }

    /// <returns>Null when it is damaged.</returns>
    private static JournalStore? TryOpen(string path, TimeProvider time)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            connection.Open();
            if (JournalSchema.IsSound(connection))
            {
                JournalSchema.Prepare(connection, path);
                return new JournalStore(connection, time);
            }
        }
        catch (SqliteException e) when (e.SqliteErrorCode is SQLITE_CORRUPT or SQLITE_NOTADB)
        {
            // the same as an unsound one
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw new JournalException($"The journal {path} cannot be used: {e.Message.TrimEnd('.')}. Look at its disk, its owner and its modes.", e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
        connection.Dispose();
        return null;
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
            throw new JournalException(
                e.SqliteErrorCode is SQLITE_CORRUPT or SQLITE_NOTADB
                    ? $"The journal {path} is damaged: the next start of the host sets it aside and begins another."
                    : $"The journal {path} cannot be read: {e.Message.TrimEnd('.')}. Read it as the user whom the host runs as.",
                e);
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
        INSERT INTO runs (run, job, market, phase, reason, result_cid, debt, claimed_at, updated_at)
        VALUES (@Run, @Job, @Market, @Phase, @Reason, @ResultCid, @Debt, @ClaimedAt, @Now)
        ON CONFLICT (run) DO UPDATE SET phase = @Phase, reason = @Reason, result_cid = @ResultCid, debt = @Debt, updated_at = @Now
        """,
        new { run.Run, run.Job, run.Market, Phase = run.Phase.ToString(), run.Reason, run.ResultCid, run.Debt, run.ClaimedAt, Now });

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

    /// <summary>Closed runs of whose result so much is owed, the one that was closed first first.</summary>
    public IReadOnlyList<RunRecord> Owing(ResultDebt debt) =>
        Read<RunRecord>("SELECT * FROM runs WHERE phase = 'Closed' AND debt = @debt ORDER BY updated_at, rowid", new { debt });

    public void SetDebt(string run, ResultDebt debt) => Execute("UPDATE runs SET debt = @debt WHERE run = @run", new { run, debt });

    /// <summary>Runs that are not <see cref="RunPhase.Closed"/>, oldest first.</summary>
    public IReadOnlyList<RunRecord> OpenRuns() => Read<RunRecord>("SELECT * FROM runs WHERE phase <> 'Closed' ORDER BY claimed_at, rowid");

    /// <summary>Counts a fault of this program at the run.</summary>
    /// <returns>How many there were, in this process and those before.</returns>
    public int CountFault(string run)
    {
        Execute("INSERT INTO faults (run, count) VALUES (@run, 1) ON CONFLICT (run) DO UPDATE SET count = count + 1", new { run });
        return Read<int>("SELECT count FROM faults WHERE run = @run", new { run }).Single();
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

    /// <summary>The same of an intent with any key (<c>INTENT#KEY</c>) or none.</summary>
    public IReadOnlyList<SentTransaction> UnsettledTransactionsOfKeys(string intent) => Read<SentTransaction>(
        """
        SELECT signature, intent, last_valid_block_height, state FROM transactions
        WHERE state = 'sent' AND (intent = @intent OR substr(intent, 1, length(@intent) + 1) = @intent || '#') ORDER BY updated_at, rowid
        """,
        new { intent });

    /// <summary>Every transaction of an intent, the last changed one last.</summary>
    public IReadOnlyList<SentTransaction> Transactions(string intent) => Read<SentTransaction>(
        "SELECT signature, intent, last_valid_block_height, state FROM transactions WHERE intent = @intent ORDER BY updated_at, rowid", new { intent });

    /// <summary>Transactions that were sent, or got their fate, since then.</summary>
    public int CountTransactions(DateTimeOffset since) => Read<int>(
        "SELECT COUNT(*) FROM transactions WHERE updated_at >= @from", new { from = since.ToUnixTimeMilliseconds() }).Single();

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
        lock (_lock) OnDisk(() => Opened().Execute(sql, parameters, _transaction));
    }

    private List<T> Read<T>(string sql, object? parameters = null)
    {
        lock (_lock) return Opened().Query<T>(sql, parameters, _transaction).AsList();
    }

    /// <exception cref="JournalFullException">The disk takes it not.</exception>
    private static void OnDisk(Action write)
    {
        try
        {
            write();
        }
        catch (SqliteException e) when (e.SqliteErrorCode is SQLITE_FULL or SQLITE_IOERR or SQLITE_READONLY or SQLITE_CANTOPEN)
        {
            throw new JournalFullException($"The journal cannot be written: {e.Message.TrimEnd('.')}. Look at the disk of the state directory.", e);
        }
    }

    /// <summary>Dapper opens a closed connection by itself: after <see cref="Dispose"/> another process may hold the file.</summary>
    private SqliteConnection Opened()
    {
        ObjectDisposedException.ThrowIf(_connection.State != ConnectionState.Open, this);
        return _connection;
    }
}
