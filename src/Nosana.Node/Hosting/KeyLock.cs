using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Nosana.Node.Journal;

namespace Nosana.Node.Hosting;

/// <summary>
/// One agent per key. The key file itself is locked, by flock(2): only who may read the key can take the lock, a read-only mount is enough for it,
/// whoever has the same file sees it through network namespaces and containers, and the kernel frees it at any death. Of copies of the file,
/// which have locks of their own, <see cref="KeyName"/> tells.
/// </summary>
/// <remarks>
/// What is kept is a shared lock, which only an exclusive one excludes: the framework takes a shared one for each file that it opens, and
/// reading the key beside a running agent must go on to work.
/// </remarks>
internal sealed partial class KeyLock : IDisposable
{
    private const int Shared = 1, Exclusive = 2, NonBlocking = 4; // flock(2)

    /// <summary>Another process that reads the key this very moment is not one that serves with it.</summary>
    private static readonly TimeSpan s_longestRead = TimeSpan.FromMilliseconds(500);

    private readonly SafeFileHandle _file;
    private readonly KeyName _name;

    private KeyLock(SafeFileHandle file, KeyName name, string? warning)
    {
        _file = file;
        _name = name;
        Warning = warning;
    }

    /// <summary>What the operator must know; null when all was well.</summary>
    public string? Warning { get; }

    /// <param name="keyFile">The file, which is readable.</param>
    /// <param name="address">Of the key in it.</param>
    /// <exception cref="JournalException">Another process holds it; the message names it, as far as it can be seen.</exception>
    public static KeyLock Acquire(string keyFile, string address)
    {
        string? unlocked = null;
        SafeFileHandle? file = null;
        try
        {
            if (!SpinWait.SpinUntil(() => TryLock(keyFile, out file, out unlocked), s_longestRead))
                throw new JournalException($"Another process ({Holder(keyFile)}) already serves with the key of {address}, {keyFile}. "
                    + "Stop it first, or give this one a key of its own.");
            KeyName name = KeyName.Take(address);
            return new KeyLock(file!, name, unlocked ?? name.Warning);
        }
        catch
        {
            file?.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _name.Dispose();
        _file.Dispose();
    }

    /// <param name="unlocked">What the operator must know of a file that cannot be locked at all.</param>
    private static bool TryLock(string keyFile, out SafeFileHandle? file, out string? unlocked)
    {
        (file, unlocked) = (null, null);
        try
        {
            file = File.OpenHandle(keyFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        }
        catch (IOException e) when (e.HResult == StateLock.WouldBlock)
        {
            return false; // somebody tries for it, too
        }
        // From one kind to the other the lock is let go for a moment: who comes in between has it.
        if (Flock(file, Exclusive | NonBlocking) == 0 && Flock(file, Shared | NonBlocking) == 0) return true;
        int error = Marshal.GetLastPInvokeError();
        if (error == StateLock.WouldBlock)
        {
            file.Dispose();
            file = null;
            return false;
        }
        unlocked = $"The key file {keyFile} lies on a file system that locks no files ({Marshal.GetPInvokeErrorMessage(error)}): another agent with the same "
            + "key is noticed on this machine's network alone.";
        return true;
    }

    /// <summary>Out of <c>/proc/locks</c> (proc(5)): it names processes of this pid namespace, and passes over those of others.</summary>
    private static string Holder(string keyFile)
    {
        const string unseen = "which cannot be seen from here: of another container, or of another user";
        try
        {
            using SafeFileHandle file = File.OpenHandle(keyFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            string? inode = File.ReadLines($"/proc/self/fdinfo/{file.DangerousGetHandle()}")
                .FirstOrDefault(line => line.StartsWith("ino:", StringComparison.Ordinal))?[4..].Trim();
            // 1: FLOCK  ADVISORY  READ 1234 08:02:131 0 EOF. This process's own of this moment is passed over.
            string[][] locks = [.. File.ReadLines("/proc/locks").Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(words => words is [_, "FLOCK", _, _, _, var place, ..] && inode is not null && place.EndsWith($":{inode}", StringComparison.Ordinal))];
            string own = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
            string[] pids = [.. locks.Select(words => words[4]).Where(pid => pid is not ("0" or "-1"))];
            // This process has one lock by the look itself; two of its own are one that it holds.
            string? holder = pids.FirstOrDefault(pid => pid != own) ?? (pids.Length > 1 ? own : null);
            return holder is null ? unseen : $"pid {holder}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return unseen; // the name of the holder is a courtesy; the refusal stands without it
        }
    }

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(SafeFileHandle file, int operation);
}
