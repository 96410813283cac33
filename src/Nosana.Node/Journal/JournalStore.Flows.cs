using Dapper;
using Microsoft.Data.Sqlite;

namespace Nosana.Node.Journal;

/// <summary>What a run is made of and what came of it: its definition and its result, each written once, and the parts of its flow while it runs.</summary>
internal sealed partial class JournalStore
{
    /// <summary>The part under which a flow stands that version 1 of the journal held as one document; the parts written since go before it.</summary>
    public const string WholeFlow = "version 1";

    /// <summary>Results of closed runs in all, the newest kept: they are pinned elsewhere. What is not stays until it is.</summary>
    public const long KeptResultBytes = 512L << 20;

    /// <summary>Closed runs that are remembered at most.</summary>
    public const int KeptClosedRuns = 20_000;

    /// <summary>The run is admitted: its definition, JSON in UTF-8, is on disk before anything of it runs.</summary>
    public void Admit(RunRecord run, byte[] definition) => Together(() =>
    {
        Save(run);
        Execute("INSERT OR REPLACE INTO definitions (run, json) VALUES (@Run, @definition)", new { run.Run, definition });
    });

    /// <summary>Writes parts of the run's flow, all or none.</summary>
    public void SaveFlow(string run, IReadOnlyCollection<FlowPart> parts) => Together(() =>
    {
        foreach (FlowPart part in parts)
            Execute(
                "INSERT INTO flow_parts (run, name, json) VALUES (@run, @Name, @Json) ON CONFLICT (run, name) DO UPDATE SET json = @Json",
                new { run, part.Name, part.Json });
    });

    /// <summary>The run has ended with its result, JSON in UTF-8, in whose place its flow goes.</summary>
    public void Finish(RunRecord run, byte[] result) => Together(() =>
    {
        Save(run);
        Execute("INSERT OR REPLACE INTO results (run, json) VALUES (@Run, @result)", new { run.Run, result });
        ForgetFlow(run.Run);
    });

    /// <summary>The run is given back: of its flow nothing is owed.</summary>
    public void GiveBack(RunRecord run) => Together(() =>
    {
        Save(run);
        ForgetFlow(run.Run);
    });

    /// <summary>From here on what is deleted, or written anew, is overwritten on disk: some of it is a secret.</summary>
    public void BeSecretive() => Execute("PRAGMA secure_delete = ON");

    /// <summary>Of the run's definition and flow nothing stays, neither in the file nor in its log.</summary>
    public void Erase(string run)
    {
        Together(() =>
        {
            Execute("DELETE FROM definitions WHERE run = @run", new { run });
            ForgetFlow(run);
        });
        Read<int>("PRAGMA wal_checkpoint(TRUNCATE)");
    }

    public byte[]? FindDefinition(string run) => Read<byte[]>("SELECT json FROM definitions WHERE run = @run", new { run }).FirstOrDefault();

    public byte[]? FindResult(string run) => Read<byte[]>("SELECT json FROM results WHERE run = @run", new { run }).FirstOrDefault();

    /// <summary>Bytes of the run's result.</summary>
    public long? ResultLength(string run) => Read<long?>("SELECT LENGTH(json) FROM results WHERE run = @run", new { run }).FirstOrDefault();

    /// <summary>What is stored of the run's flow; empty when nothing of it has begun.</summary>
    public IReadOnlyList<FlowPart> FindFlow(string run) => Read<FlowPart>("SELECT name, json FROM flow_parts WHERE run = @run", new { run });

    /// <summary>
    /// Drops what need not be known any more: closed runs past their time or number, with their transactions and results. A result that no service has
    /// stays whatever it takes; one that no gateway was seen to serve goes last.
    /// </summary>
    public void Prune(long keptResultBytes = KeptResultBytes, int keptClosedRuns = KeptClosedRuns)
    {
        long before = _time.GetUtcNow().Subtract(KeepClosedRuns).ToUnixTimeMilliseconds();
        Together(() =>
        {
            Execute("DELETE FROM transactions WHERE state <> 'sent' AND updated_at < @before", new { before });
            Execute("DELETE FROM runs WHERE phase = 'Closed' AND debt <> 1 AND updated_at < @before", new { before });
            Execute(
                """
                DELETE FROM runs WHERE phase = 'Closed' AND debt = 0
                    AND run NOT IN (SELECT run FROM runs WHERE phase = 'Closed' ORDER BY updated_at DESC, rowid DESC LIMIT @keptClosedRuns)
                """,
                new { keptClosedRuns });
            Execute("DELETE FROM results WHERE run NOT IN (SELECT run FROM runs)");
            Execute("DELETE FROM faults WHERE run NOT IN (SELECT run FROM runs WHERE phase <> 'Closed')");
            Execute(
                """
                DELETE FROM results WHERE run IN (SELECT run FROM (
                    SELECT run, SUM(LENGTH(json)) OVER (ORDER BY debt DESC, updated_at DESC, runs.rowid DESC) AS newer
                    FROM results JOIN runs USING (run) WHERE phase = 'Closed' AND debt <> 1) WHERE newer > @keptResultBytes)
                """,
                new { keptResultBytes });
        });
    }

    /// <summary>What is of use while the run's job runs, and no longer.</summary>
    private void ForgetFlow(string run)
    {
        Execute("DELETE FROM flow_parts WHERE run = @run", new { run });
        Execute("DELETE FROM ssh_keys WHERE job = (SELECT job FROM runs WHERE run = @run)", new { run });
    }

    /// <summary>Several statements as one: a kill leaves all of them or none.</summary>
    private void Together(Action write)
    {
        lock (_lock)
        {
            OnDisk(() =>
            {
                using SqliteTransaction transaction = Opened().BeginTransaction();
                _transaction = transaction;
                try
                {
                    write();
                    transaction.Commit();
                }
                finally
                {
                    _transaction = null;
                }
            });
        }
    }
}
