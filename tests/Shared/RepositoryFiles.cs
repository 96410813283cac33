namespace Nosana.Testing;

/// <summary>Files of the checkout that tests read in place, found from the test program upward.</summary>
internal static class RepositoryFiles
{
    private const string CorpusVariable = "NOSANA_TEST_CORPUS";

    /// <summary>The repository's root: the folder with the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The corpus of public definitions beside the checkout (or where the environment says); it need not exist.</summary>
    public static string Corpus { get; } =
        Environment.GetEnvironmentVariable(CorpusVariable) ?? Path.GetFullPath(Path.Combine(Root, "..", "shared", "corpus"));

    /// <summary>Why tests over the corpus are skipped, null when it is there.</summary>
    public static string? NoCorpus =>
        Directory.Exists(Path.Combine(Corpus, "public")) ? null : $"the corpus of public definitions is not at {Corpus} ({CorpusVariable} names another place)";

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Nosana.Node.sln"))) return folder.FullName;
        throw new InvalidOperationException($"no Nosana.Node.sln above {AppContext.BaseDirectory}");
    }
}
