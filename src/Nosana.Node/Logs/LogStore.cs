using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Nosana.Node.Logs;

/// <summary>The logs of all jobs, a directory a job and one below it an operation.</summary>
internal sealed class LogStore(string directory, LogOptions options, TimeProvider? time = null) : IDisposable
{
    /// <summary>File systems end a name at 255 bytes.</summary>
    private const int MaxNameLength = 150;

    /// <summary>Of most file systems.</summary>
    private const int BlockBytes = 4096;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Job, string Op), OpLog> _open = [];
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>The one log of an operation; what an earlier process stored is taken up.</summary>
    /// <param name="job">The job's address or id.</param>
    /// <param name="op">The operation's id: any text, since it comes from a stranger.</param>
    /// <param name="operations">How many share the job's budget.</param>
    public OpLog OpenOrCreate(string job, string op, int operations = 1)
    {
        lock (_lock)
        {
            if (_open.TryGetValue((job, op), out OpLog? log)) return log;
            LogOptions share = options with { BudgetBytes = Math.Min(options.BudgetBytes, options.JobBudgetBytes / operations) };
            log = new OpLog(job, op, Path.Combine(JobDirectory(job), ToFileName(op)), share, _time);
            _open.Add((job, op), log);
            return log;
        }
    }

    /// <summary>The log of an operation that is open; null where nothing is printed yet, or no more.</summary>
    public OpLog? Find(string job, string op)
    {
        lock (_lock) return _open.GetValueOrDefault((job, op));
    }

    /// <summary>Closes a job's logs and leaves them on disk.</summary>
    public void Close(string job)
    {
        lock (_lock)
        {
            foreach ((string Job, string Op) key in _open.Keys.Where(key => key.Job == job).ToList())
            {
                _open.Remove(key, out OpLog? log);
                log!.Dispose();
            }
        }
    }

    /// <summary>Removes what a job that may still print has printed so far: its disk is needed for more than that.</summary>
    public void GiveUp(string job)
    {
        lock (_lock)
            foreach (OpLog log in _open.Where(open => open.Key.Job == job).Select(open => open.Value)) log.GiveUp();
    }

    /// <summary>Closes a job's logs and removes them.</summary>
    public void Delete(string job)
    {
        lock (_lock)
        {
            Close(job);
            string path = JobDirectory(job);
            if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
        }
    }

    /// <summary>Removes the logs of jobs, those first that were written to longest ago, until all take no more than a budget.</summary>
    /// <param name="needed">Jobs whose logs stay whatever they take, beside those that are open.</param>
    /// <param name="maxBytes">The budget.</param>
    /// <returns>How many jobs' logs were removed.</returns>
    public int Prune(IEnumerable<string> needed, long maxBytes)
    {
        lock (_lock)
        {
            var kept = needed.Concat(_open.Keys.Select(key => key.Job)).Select(ToFileName).ToHashSet(StringComparer.Ordinal);
            var jobs = new List<(DirectoryInfo Directory, long Bytes, DateTime Written)>();
            foreach (DirectoryInfo job in Directory.Exists(directory) ? new DirectoryInfo(directory).EnumerateDirectories() : [])
            {
                FileSystemInfo[] entries = job.GetFileSystemInfos("*", SearchOption.AllDirectories);
                jobs.Add((job, entries.Sum(OnDisk), entries.Select(entry => entry.LastWriteTimeUtc).Append(job.LastWriteTimeUtc).Max()));
            }
            long total = jobs.Sum(job => job.Bytes);
            int removed = 0;
            foreach ((DirectoryInfo job, long bytes, _) in jobs.Where(job => !kept.Contains(job.Directory.Name)).OrderBy(job => job.Written))
            {
                if (total <= maxBytes) break;
                job.Delete(recursive: true);
                total -= bytes;
                removed++;
            }
            return removed;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (OpLog log in _open.Values) log.Dispose();
            _open.Clear();
        }
    }

    /// <summary>Whole blocks, one at least: many operations that print nothing take room, too.</summary>
    private static long OnDisk(FileSystemInfo entry) =>
        entry is FileInfo file ? Math.Max(1, (file.Length + BlockBytes - 1) / BlockBytes) * BlockBytes : BlockBytes;

    private string JobDirectory(string job) => Path.Combine(directory, ToFileName(job));

    /// <summary>A name that is one path segment whatever the text, and differs for different texts.</summary>
    internal static string ToFileName(string text)
    {
        var name = new StringBuilder();
        foreach (byte value in Encoding.UTF8.GetBytes(text))
        {
            if (char.IsAsciiLetterOrDigit((char)value) || value is (byte)'-' or (byte)'_') name.Append((char)value);
            else name.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
        }
        if (name.Length == 0) return "%";
        if (name.Length <= MaxNameLength) return name.ToString();
        string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        return string.Concat(name.ToString(0, MaxNameLength - digest.Length), "%", digest);
    }
}
