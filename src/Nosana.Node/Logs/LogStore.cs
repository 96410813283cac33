using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Nosana.Node.Logs;

/// <summary>The logs of all jobs, a directory a job and one below it an operation.</summary>
internal sealed class LogStore(string directory, LogOptions options, TimeProvider? time = null) : IDisposable
{
    /// <summary>File systems end a name at 255 bytes.</summary>
    private const int MaxNameLength = 150;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Job, string Op), OpLog> _open = [];
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>The one log of an operation; what an earlier process stored is taken up.</summary>
    /// <param name="job">The job's address or id.</param>
    /// <param name="op">The operation's id: any text, since it comes from a stranger.</param>
    public OpLog OpenOrCreate(string job, string op)
    {
        lock (_lock)
        {
            if (_open.TryGetValue((job, op), out OpLog? log)) return log;
            log = new OpLog(job, op, Path.Combine(JobDirectory(job), ToFileName(op)), options, _time);
            _open.Add((job, op), log);
            return log;
        }
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

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (OpLog log in _open.Values) log.Dispose();
            _open.Clear();
        }
    }

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
