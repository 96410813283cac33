using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Nosana.Solana.Wallet;

/// <summary>
/// Key files in both forms that Solana's tools write: a JSON array of 64 numbers, or base58 text of 64 bytes.
/// A file that others may read is narrowed to 0600 with a warning; one that cannot be narrowed is refused.
/// </summary>
public static class KeyFile
{
    /// <summary>Read and write for the owner, nothing for others.</summary>
    public const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Mode of a directory made for a key file.</summary>
    public const UnixFileMode DirectoryMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The longest form is 64 numbers of three digits with generous white space.</summary>
    private const int MaxLength = 4096;

    private const UnixFileMode OthersBits =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute |
        UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Reads a key file and sees to its mode.</summary>
    /// <exception cref="KeyFileException">Absent, unreadable, damaged, or open to others and not to be narrowed.</exception>
    public static LoadedKey Load(string path) => Load(path, KeyFileModes.System);

    /// <summary>Reads the key file, or makes one with a fresh key when there is none.</summary>
    public static LoadedKey LoadOrCreate(string path) => File.Exists(path) ? Load(path) : new LoadedKey(Create(path), Created: true, Warning: null);

    /// <summary>The address in a key file. Neither its mode is checked nor changed; the public half is still verified against the private one.</summary>
    /// <exception cref="KeyFileException">Absent, unreadable or damaged.</exception>
    public static PublicKey ReadAddress(string path)
    {
        using SafeFileHandle file = Open(path);
        using Account account = Parse(file, path);
        return account.PublicKey;
    }

    /// <summary>Makes a key file with a fresh key: mode 0600, directory 0700 where it has to be made, all or nothing. Never overwrites.</summary>
    /// <exception cref="KeyFileException">The file exists, or the place is not writable.</exception>
    public static Account Create(string path)
    {
        var account = new Account();
        try
        {
            Write(path, account);
            return account;
        }
        catch
        {
            account.Dispose();
            throw;
        }
    }

    /// <summary>Writes an account's key as a JSON array: mode 0600, directory 0700 where it has to be made, all or nothing. Never overwrites.</summary>
    /// <exception cref="KeyFileException">The file exists, or the place is not writable.</exception>
    public static void Write(string path, Account account)
    {
        string full = System.IO.Path.GetFullPath(path);
        string directory = System.IO.Path.GetDirectoryName(full)!;
        string temporary = System.IO.Path.Combine(directory, $".{System.IO.Path.GetFileName(full)}.{Guid.NewGuid():N}.tmp");
        byte[] text = KeyText.ToJson(account);
        try
        {
            CreateDirectory(directory);
            var options =
                new FileStreamOptions { Mode = System.IO.FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, UnixCreateMode = FileMode };
            using (var stream = new FileStream(temporary, options))
            {
                stream.Write(text);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, full, overwrite: false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(full))
                throw new KeyFileException(full, $"The key file {full} exists already; it is not overwritten. Use it, or choose another path.", exception);
            throw new KeyFileException(
                full,
                $"The key file {full} could not be written: {exception.Message} Make {directory} writable for this user, or choose another path.",
                exception);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
            if (File.Exists(temporary)) File.Delete(temporary);
        }
    }

    /// <summary>Reads a key from text in either form, e.g. from an environment variable. <paramref name="source"/> names it in errors.</summary>
    /// <exception cref="KeyFileException">The text is not a key.</exception>
    public static Account Parse(ReadOnlySpan<byte> utf8Text, string source) => KeyText.Parse(utf8Text, source);

    internal static LoadedKey Load(string path, IKeyFileModes modes)
    {
        using SafeFileHandle file = Open(path);
        string? warning = Narrow(file, path, modes);
        return new LoadedKey(Parse(file, path), Created: false, warning);
    }

    private static string? Narrow(SafeFileHandle file, string path, IKeyFileModes modes)
    {
        UnixFileMode before = modes.Get(file);
        if ((before & OthersBits) == 0) return null;
        string found = Octal(before);
        try
        {
            modes.Set(file, FileMode);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Refused(path, found, exception);
        }
        // Some file systems (FAT, some network shares) accept the call and change nothing.
        if ((modes.Get(file) & OthersBits) != 0) throw Refused(path, found, null);
        return $"The key file {path} had mode {found}, so other users of this machine could read or change it; it now has 0600. " +
            "If others may have read it, move its funds to a new key.";
    }

    private static KeyFileException Refused(string path, string mode, Exception? inner) =>
        new(
            path,
            $"The key file {path} has mode {mode}: other users of this machine can read or change it, " +
            $"and it could not be narrowed{(inner is null ? " (the file system ignores modes)" : $" ({inner.Message})")}. " +
            $"Run: chmod 600 {ShellQuoted(path)}  (as its owner, or copy the file to a file system with modes)",
            inner);

    private static SafeFileHandle Open(string path)
    {
        try
        {
            return File.OpenHandle(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new KeyFileException(
                path, $"There is no key file at {path}. Give the path of an existing one, or have one made (address --create).", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new KeyFileException(path, $"The key file {path} could not be opened: {exception.Message}", exception);
        }
    }

    private static Account Parse(SafeFileHandle file, string path)
    {
        Span<byte> buffer = stackalloc byte[MaxLength + 1];
        try
        {
            int length = 0;
            while (length < buffer.Length && RandomAccess.Read(file, buffer[length..], length) is > 0 and int read) length += read;
            if (length > MaxLength) throw new KeyFileException(path, $"The key file {path} is longer than {MaxLength} bytes, so it is not a key file.");
            return KeyText.Parse(buffer[..length], $"The key file {path}", path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new KeyFileException(path, $"The key file {path} could not be read: {exception.Message}", exception);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
        }
    }

    // One by one: the framework gives the mode to the last one only.
    private static void CreateDirectory(string directory)
    {
        if (Directory.Exists(directory)) return;
        if (System.IO.Path.GetDirectoryName(directory) is { Length: > 0 } parent) CreateDirectory(parent);
        Directory.CreateDirectory(directory, DirectoryMode);
    }

    private static string Octal(UnixFileMode mode) => "0" + Convert.ToString((int)mode & 0x1ff, 8).PadLeft(3, '0');

    private static string ShellQuoted(string path) => $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}

/// <summary>A key read from its file.</summary>
/// <param name="Created">The file was made by this call.</param>
/// <param name="Warning">What the operator must know, e.g. that the file's mode was narrowed; null when all was well.</param>
public sealed record LoadedKey(Account Account, bool Created, string? Warning);

/// <summary>A key file that cannot be used; the message names the file, what is wrong with it and what to do. Never holds secret bytes.</summary>
public sealed class KeyFileException(string path, string message, Exception? innerException = null) : Exception(message, innerException)
{
    public string Path { get; } = path;
}
