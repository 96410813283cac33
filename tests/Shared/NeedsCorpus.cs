namespace Nosana.Testing;

/// <summary>For tests over the corpus of public definitions, which a checkout by itself does not have.</summary>
internal static class NeedsCorpus
{
    /// <summary>Skips the test that runs when there is no corpus.</summary>
    public static void OrSkip() => Assert.SkipWhen(RepositoryFiles.NoCorpus is not null, RepositoryFiles.NoCorpus ?? "");
}
