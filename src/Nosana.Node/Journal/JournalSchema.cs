using Dapper;
using Microsoft.Data.Sqlite;

namespace Nosana.Node.Journal;

/// <summary>The journal's tables, and how those of earlier versions become them. Rows that change often are small; what is large is written once.</summary>
internal static class JournalSchema
{
    public const int Version = 4;

    private const string Tables =
        """
        CREATE TABLE IF NOT EXISTS runs (
            run TEXT PRIMARY KEY, job TEXT NOT NULL, market TEXT NOT NULL, phase TEXT NOT NULL,
            reason TEXT, result_cid TEXT, debt INTEGER NOT NULL DEFAULT 0, claimed_at INTEGER NOT NULL, updated_at INTEGER NOT NULL);
        CREATE INDEX IF NOT EXISTS runs_job ON runs (job);
        CREATE TABLE IF NOT EXISTS definitions (run TEXT PRIMARY KEY, json BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS results (run TEXT PRIMARY KEY, json BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS flow_parts (run TEXT NOT NULL, name TEXT NOT NULL, json BLOB NOT NULL, PRIMARY KEY (run, name));
        CREATE TABLE IF NOT EXISTS transactions (
            signature TEXT PRIMARY KEY, intent TEXT NOT NULL, last_valid_block_height INTEGER NOT NULL, state TEXT NOT NULL, updated_at INTEGER NOT NULL);
        CREATE INDEX IF NOT EXISTS transactions_intent ON transactions (intent, state);
        CREATE TABLE IF NOT EXISTS resources (
            key TEXT PRIMARY KEY, volume TEXT NOT NULL, source TEXT NOT NULL, bytes INTEGER NOT NULL, complete INTEGER NOT NULL,
            last_used INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS images (
            reference TEXT PRIMARY KEY, image_id TEXT, bytes INTEGER NOT NULL, private INTEGER NOT NULL, required INTEGER NOT NULL,
            last_used INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS faults (run TEXT PRIMARY KEY, count INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS ssh_keys (
            job TEXT NOT NULL, key TEXT NOT NULL, line TEXT NOT NULL, expires_at INTEGER, revoked INTEGER NOT NULL, PRIMARY KEY (job, key));
        CREATE TABLE IF NOT EXISTS posts (job TEXT PRIMARY KEY, content TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS host_facts (name TEXT PRIMARY KEY, json BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS ledger (
            run TEXT PRIMARY KEY, job TEXT NOT NULL, market TEXT NOT NULL, state TEXT NOT NULL, outcome TEXT, price INTEGER, seconds INTEGER, earned INTEGER,
            received INTEGER, fees INTEGER, rent_paid INTEGER, rent_returned INTEGER, ended_at INTEGER NOT NULL, checked_at INTEGER);
        CREATE INDEX IF NOT EXISTS ledger_ended ON ledger (ended_at);
        CREATE INDEX IF NOT EXISTS ledger_open ON ledger (state) WHERE state <> 'confirmed';
        CREATE TABLE IF NOT EXISTS ledger_transactions (signature TEXT PRIMARY KEY, run TEXT NOT NULL, kind TEXT NOT NULL);
        CREATE INDEX IF NOT EXISTS ledger_transactions_run ON ledger_transactions (run);
        """;

    /// <summary>
    /// Version 1 held a run's definition and flow in its row, and wrote them anew at each change. What was running goes on from its whole flow.
    /// </summary>
    private const string FromVersion1 =
        $"""
        INSERT INTO definitions SELECT run, definition FROM runs WHERE definition IS NOT NULL AND phase <> 'Closed';
        INSERT INTO results SELECT run, flow_state FROM runs WHERE flow_state IS NOT NULL AND phase <> 'Running';
        INSERT INTO flow_parts SELECT run, '{JournalStore.WholeFlow}', flow_state FROM runs WHERE flow_state IS NOT NULL AND phase = 'Running';
        ALTER TABLE runs ADD COLUMN debt INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE runs DROP COLUMN definition;
        ALTER TABLE runs DROP COLUMN flow_state;
        """;

    /// <summary>Bytes of the write-ahead log that stay on disk once its content is in the file.</summary>
    private const int KeptLogBytes = 32 << 20;

    /// <summary>Whether every page can be read and is what it should be.</summary>
    public static bool IsSound(SqliteConnection connection) => connection.QuerySingle<string>("PRAGMA quick_check(1)") == "ok";

    /// <exception cref="JournalException">It is of another version.</exception>
    public static void RequireCurrent(SqliteConnection connection, string path)
    {
        long version = connection.QuerySingle<long>("PRAGMA user_version");
        if (version > Version) throw Newer(version, path);
        if (version < Version)
            throw new JournalException($"The journal {path} has version {version}, this program reads {Version}: start the host once, which brings it there.");
    }

    /// <exception cref="JournalException">A newer program wrote it.</exception>
    public static void Prepare(SqliteConnection connection, string path)
    {
        connection.Execute("PRAGMA journal_mode = WAL");
        connection.Execute("PRAGMA synchronous = FULL");
        connection.Execute($"PRAGMA journal_size_limit = {KeptLogBytes}");
        long version = connection.QuerySingle<long>("PRAGMA user_version");
        if (version > Version) throw Newer(version, path);
        // All or nothing: a kill in between leaves the earlier version as it was.
        using SqliteTransaction whole = connection.BeginTransaction();
        connection.Execute(Tables, transaction: whole);
        if (version == 1) connection.Execute(FromVersion1, transaction: whole);
        if (version is 2 or 3) connection.Execute("ALTER TABLE runs RENAME COLUMN owes_pin TO debt", transaction: whole);
        if (version is 1 or 2) connection.Execute(JournalStore.OpenLedgerOfClosedRuns, transaction: whole);
        connection.Execute($"PRAGMA user_version = {Version}", transaction: whole);
        whole.Commit();
    }

    private static JournalException Newer(long version, string path) => new(
        $"The journal {path} has version {version}, this program writes {Version}: it belongs to a newer nosana-node. "
        + "Use that one, or another --state directory.");
}
