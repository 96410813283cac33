using Microsoft.Data.Sqlite;
using Nosana.Node.Engine.Resources;
using Nosana.Node.Journal;
using Nosana.Node.Logs;

namespace Nosana.Node.Operations;

/// <summary>
/// Keeps the state directory to its budgets while the agent runs: the journal, the logs of jobs that have ended, downloads that were given up. And says
/// when its disk has no room for another job.
/// </summary>
/// <param name="directory">The state directory.</param>
/// <param name="freeBytes">Bytes left at a path; null is the machine's own answer.</param>
internal sealed partial class StateKeeper(
    string directory, LogStore logs, LogOptions logOptions, ResourceStore resources, ResourceOptions resourceOptions, JournalStore journal, TimeProvider time,
    ILogger<StateKeeper> logger, Func<string, long>? freeBytes = null) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>For a job's definition, its flow and its result, each once in the journal and once in its write-ahead log.</summary>
    private const long JournalBytes = 128L << 20;

    private readonly Func<string, long> _freeBytes = freeBytes ?? (static path => new DriveInfo(path).AvailableFreeSpace);

    /// <summary>What one job may take of this disk.</summary>
    public long NeededBytes => logOptions.JobBudgetBytes + JournalBytes;

    /// <returns>Why the disk has no room for a job, after everything went that nobody needs; null when it has.</returns>
    public string? FindProblem()
    {
        try
        {
            if (_freeBytes(directory) >= NeededBytes) return null;
            Prune(maxLogBytes: 0, maxUnfinishedBytes: 0);
            long free = _freeBytes(directory);
            return free >= NeededBytes
                ? null
                : $"the disk of the state directory {directory} has {free} bytes left, and a job's output and result may take {NeededBytes}: free space on it, "
                    + "choose another --state directory, or keep less output (--logs-gb)";
        }
        catch (Exception e) when (IsOfTheDisk(e))
        {
            return $"the state directory {directory} cannot be used: {e.Message}. See whether it is there, and who may write it";
        }
    }

    /// <summary>Once.</summary>
    public void Prune() => Prune(logOptions.StoreBudgetBytes, resourceOptions.UnfinishedBytes);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var ticks = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                Prune();
            }
            catch (Exception e) when (IsOfTheDisk(e))
            {
                LogNotPruned(e.Message); // the next look may find it mended; a disk that runs full is told of by the host's health
            }
        }
        while (await ticks.WaitForNextTickAsync(stoppingToken));
    }

    private void Prune(long maxLogBytes, long maxUnfinishedBytes)
    {
        journal.Prune();
        int removed = logs.Prune(journal.OpenRuns().Select(run => run.Job), maxLogBytes);
        if (removed > 0) LogRemoved(removed);
        resources.PruneUnfinished(maxUnfinishedBytes);
    }

    private static bool IsOfTheDisk(Exception e) => e is IOException or UnauthorizedAccessException or SqliteException or JournalFullException;

    [LoggerMessage(720, LogLevel.Information, "Removed the output of {Jobs} jobs that have ended, to keep to its budget")]
    private partial void LogRemoved(int jobs);

    [LoggerMessage(721, LogLevel.Warning, "Something of the state directory could not be removed: {Problem}")]
    private partial void LogNotPruned(string problem);
}
