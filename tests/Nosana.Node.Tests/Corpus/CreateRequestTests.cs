using System.Text;
using Nosana.Testing;

namespace Nosana.Node.Tests.Corpus;

/// <summary>
/// Every definition of the public corpus and its snapshot in this folder. <c>NOSANA_UPDATE_SNAPSHOTS=1</c> writes the snapshots anew;
/// what changed is then to be read in the difference.
/// </summary>
public sealed class CreateRequestTests
{
    private const string UpdateVariable = "NOSANA_UPDATE_SNAPSHOTS";
    private const string Extension = ".txt";

    private static readonly string Snapshots = Path.Combine(RepositoryFiles.Root, "tests", "Nosana.Node.Tests", "Corpus", "Snapshots");

    [Fact]
    public void Of_EveryFileOfTheCorpus_IsItsSnapshot()
    {
        NeedsCorpus.OrSkip();
        SortedDictionary<string, string> made = new(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(RepositoryFiles.PublicDefinitions))
            made.Add(Path.GetFileName(file), DefinitionSnapshot.Of(file, File.ReadAllBytes(file)));
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1") Write(made);

        SortedDictionary<string, string> kept = new(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(Snapshots)) kept.Add(Path.GetFileName(file)[..^Extension.Length], File.ReadAllText(file));

        var differences = new StringBuilder();
        foreach (string name in made.Keys.Union(kept.Keys).Order(StringComparer.Ordinal))
        {
            if (!kept.TryGetValue(name, out string? was)) differences.AppendLine($"{name}: no snapshot");
            else if (!made.TryGetValue(name, out string? now)) differences.AppendLine($"{name}: a snapshot, but no such file in the corpus");
            else if (was != now) differences.AppendLine($"{name}: {FirstDifference(was, now)}");
        }
        Assert.True(differences.Length == 0, $"{differences}({UpdateVariable}=1 writes them anew.)");
        Assert.NotEmpty(kept);
    }

    private static void Write(IReadOnlyDictionary<string, string> made)
    {
        Directory.CreateDirectory(Snapshots);
        foreach (string file in Directory.EnumerateFiles(Snapshots)) File.Delete(file);
        foreach ((string name, string text) in made) File.WriteAllText(Path.Combine(Snapshots, name + Extension), text);
    }

    private static string FirstDifference(string was, string now)
    {
        string[] before = was.Split('\n'), after = now.Split('\n');
        int line = 0;
        while (line < before.Length && line < after.Length && before[line] == after[line]) line++;
        return $"line {line + 1}\n  snapshot: {before.ElementAtOrDefault(line)}\n  now:      {after.ElementAtOrDefault(line)}";
    }
}
