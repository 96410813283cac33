namespace Nosana.Node.Files;

/// <summary>
/// What this program leaves on disk is for the user that runs it alone: passwords of registries and outputs of jobs are in it. Directories are
/// made with mode 0700; files are made with 0600, since <c>Hosting.ProcessProtection</c> sets the process's umask, whatever it was.
/// </summary>
internal static class PrivateFiles
{
    public const UnixFileMode DirectoryMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode OthersBits =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Makes a directory, and what is missing above it, for this user alone. One that is there stays as it is.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public static void CreateDirectory(string path)
    {
        if (Directory.Exists(path)) return;
        // One by one: the framework gives the mode to the last one only.
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { Length: > 0 } parent) CreateDirectory(parent);
        Directory.CreateDirectory(path, DirectoryMode);
    }

    /// <summary>How the names of files end that were begun to be written.</summary>
    public const string Unfinished = ".next";

    /// <summary>Writes a file whole: a reader finds what it held before, or this.</summary>
    /// <exception cref="IOException">The directory cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Neither may it be.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        File.WriteAllBytes(path + Unfinished, content);
        File.Move(path + Unfinished, path, overwrite: true);
    }

    /// <summary>
    /// Makes a directory of this program's, or closes one that others can look into, with all that is in it. A directory that holds other
    /// things, too, is not closed (it may be one that the machine needs), but what is this program's in it is.
    /// </summary>
    /// <param name="names">How the names of this program's entries begin.</param>
    /// <returns>What the operator must know; null when all was well.</returns>
    /// <exception cref="IOException">It cannot be made, or looked into.</exception>
    /// <exception cref="UnauthorizedAccessException">Neither may it be.</exception>
    public static string? Claim(string directory, IReadOnlyList<string> names)
    {
        CreateDirectory(directory);
        UnixFileMode mode = File.GetUnixFileMode(directory);
        if ((mode & OthersBits) == 0) return null;
        FileSystemInfo[] entries = new DirectoryInfo(directory).GetFileSystemInfos();
        FileSystemInfo[] own = [.. entries.Where(entry => names.Any(name => entry.Name.StartsWith(name, StringComparison.Ordinal)))];
        bool isShared = own.Length < entries.Length || mode.HasFlag(UnixFileMode.StickyBit);
        try
        {
            int narrowed = own.Sum(Narrow);
            if (isShared)
                return $"The directory {directory} has mode {Octal(mode)} and holds other things than this program's, so that it stays as it is; "
                    + "what this program keeps there is for this user alone. Give it a directory of its own.";
            File.SetUnixFileMode(directory, DirectoryMode);
            if (entries.Length == 0) return null;
            // Some file systems (FAT, some network shares) accept the call and change nothing.
            return (File.GetUnixFileMode(directory) & OthersBits) != 0
                ? $"The directory {directory} has mode {Octal(mode)}, so that other users of this machine can look into it, and its file system knows no "
                    + "modes. Choose a directory on another one."
                : $"The directory {directory} had mode {Octal(mode)}, so that other users of this machine could look into it; now it has "
                    + $"{Octal(DirectoryMode)}, and {narrowed} entries in it are closed, too. Passwords of registries that jobs brought may have been read.";
        }
        catch (UnauthorizedAccessException e)
        {
            return $"The directory {directory} has mode {Octal(mode)}, so that other users of this machine can look into it, and it could not be closed "
                + $"({e.Message}). Run as its owner: chmod -R go= {directory}";
        }
    }

    /// <returns>How many entries were open to others.</returns>
    private static int Narrow(FileSystemInfo entry)
    {
        if (entry.LinkTarget is not null) return 0; // what it leads to is not ours
        int narrowed = 0;
        UnixFileMode mode = entry.UnixFileMode;
        if ((mode & OthersBits) != 0)
        {
            entry.UnixFileMode = mode & ~OthersBits;
            narrowed = 1;
        }
        return entry is DirectoryInfo directory ? narrowed + directory.EnumerateFileSystemInfos().Sum(Narrow) : narrowed;
    }

    private static string Octal(UnixFileMode mode) => "0" + Convert.ToString((int)(mode & ~(UnixFileMode.SetUser | UnixFileMode.SetGroup)), 8).PadLeft(3, '0');
}
