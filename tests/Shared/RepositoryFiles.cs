namespace Nosana.Testing;

/// <summary>Files of the checkout that tests read in place, found from the test program upward.</summary>
internal static class RepositoryFiles
{
    private const string CorpusVariable = "NOSANA_TEST_CORPUS";

    /// <summary>The repository's root: the folder with the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The corpus beside the checkout (or where the environment says); it need not exist.</summary>
    public static string Corpus { get; } =
        Environment.GetEnvironmentVariable(CorpusVariable) ?? Path.GetFullPath(Path.Combine(Root, "..", "shared", "corpus"));

    /// <summary>The corpus's definitions, a file each.</summary>
    public static string PublicDefinitions { get; } = Path.Combine(Corpus, "public");

    /// <summary>Why there is no corpus, null when it is there.</summary>
    public static string? NoCorpus =>
        Directory.Exists(PublicDefinitions) ? null : $"shared/corpus: the corpus of public definitions is not at {Corpus} ({CorpusVariable} names another place)";

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Nosana.Node.sln"))) return folder.FullName;
        throw new InvalidOperationException($"no Nosana.Node.sln above {AppContext.BaseDirectory}");
    }
}
