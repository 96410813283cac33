using System.Globalization;
using Nosana.Node.Files;
using Nosana.Node.Journal;

namespace Nosana.Node.Hosting;

/// <summary>
/// One agent per state directory: a file locked exclusively for the life of the process,
/// with the pid in a file beside it. The kernel lets go of the lock at any death, so a stale file never blocks a start.
/// </summary>
internal sealed class StateLock : IDisposable
{
    /// <summary>EWOULDBLOCK of Linux: .NET hands the number on when another process holds a file's lock.</summary>
    public const int WouldBlock = 11;

    /// <summary>Far longer than a look takes, on a machine that has other things to do.</summary>
    private static readonly TimeSpan LookTime = TimeSpan.FromMilliseconds(500);

    private readonly FileStream _file;

    private StateLock(FileStream file) => _file = file;

    /// <param name="path">The lock file; created with its directory.</param>
    /// <param name="what">What is being held, for the message: <c>the state directory /var/lib/nosana</c>.</param>
    /// <exception cref="JournalException">Another process holds it; the message names its pid.</exception>
    public static StateLock Acquire(string path, string what)
    {
        FileStream file;
        try
        {
            PrivateFiles.CreateDirectory(Path.GetDirectoryName(path)!);
            // Whoever only looks holds it for a moment (IsHeld): a start that meets him is no second agent.
            FileStream? taken = null;
            SpinWait.SpinUntil(() => (taken = TryTake(path)) is not null, LookTime);
            file = taken ?? new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.HResult == WouldBlock)
        {
            throw new JournalException($"Another nosana-node (pid {Holder(path)}) already uses {what}. Stop it first, or give this one its own.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(
                $"The lock file {path} of {what} cannot be made: {e.Message} Check its directory's owner and free space, or choose another.", e);
        }
        File.WriteAllText(PidFile(path), Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
        return new StateLock(file);
    }

    /// <summary>Whether another process holds the lock now. It is looked at with a lock that others may share, for the moment of the look.</summary>
    /// <exception cref="IOException">The file cannot be looked at.</exception>
    /// <exception cref="UnauthorizedAccessException">Nor may it be.</exception>
    public static bool IsHeld(string path)
    {
        try
        {
            new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read).Dispose();
            return false;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException e) when (e.HResult == WouldBlock)
        {
            return true;
        }
    }

    public void Dispose() => _file.Dispose();

    private static FileStream? TryTake(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.HResult == WouldBlock)
        {
            return null;
        }
    }

    private static string PidFile(string path) => path + ".pid";

    private static string Holder(string path)
    {
        try
        {
            return File.ReadAllText(PidFile(path)).Trim() is { Length: > 0 } pid ? pid : "unknown";
        }
        catch (IOException)
        {
            return "unknown"; // the name of the holder is a courtesy; the refusal stands without it
        }
    }
}
