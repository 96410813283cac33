namespace Nosana.Architecture.Tests;

/// <summary>The source tree that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static readonly string[] s_notSources = [".git", ".vs", ".idea", "artifacts", "bin", "obj", "node_modules"];

    private static readonly Lazy<string[]> s_paths = new(() => [.. Below(new DirectoryInfo(Root)).Select(entry => Relative(entry.FullName))]);

    /// <summary>Every file and folder of the sources, relative, with slashes.</summary>
    public static IReadOnlyList<string> Paths => s_paths.Value;

    /// <summary>The project files below <paramref name="folder"/> ("src" or "tests").</summary>
    public static IReadOnlyList<string> ProjectFiles(string folder) =>
        [.. Directory.EnumerateFiles(Path.Combine(Root, folder), "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static IEnumerable<FileSystemInfo> Below(DirectoryInfo folder) =>
        from entry in folder.EnumerateFileSystemInfos()
        where !s_notSources.Contains(entry.Name)
        from found in entry is DirectoryInfo inner ? Below(inner).Prepend(entry) : [entry]
        select found;

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Nosana.Node.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Nosana.Node.sln: these tests read the sources and run inside the repository.");
    }
}
