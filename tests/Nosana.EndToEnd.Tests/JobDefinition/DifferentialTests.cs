using System.Text;
using System.Text.Json;
using Nosana.JobDefinition.Reading;
using Nosana.JobDefinition.Validation;
using Nosana.Testing;

namespace Nosana.EndToEnd.Tests.JobDefinition;

/// <summary>Our verdicts beside the official validator's over examples, corpus and generated mutations of both.</summary>
public class DifferentialTests(ITestOutputHelper output)
{
    private const int Seed = 20_261_121;
    private const int Mutations = 50_000;

    [Fact]
    public async Task Read_Strict_IsTheOfficialVerdict()
    {
        List<string> documents = Documents();
        IReadOnlyList<OfficialVerdict> official = await OfficialValidator.ValidateAsync(documents, TestContext.Current.CancellationToken);

        var disagreements = new List<string>();
        int valid = 0, invalid = 0, threw = 0;
        for (int i = 0; i < documents.Count; i++)
        {
            DefinitionResult ours = DefinitionReader.Read(Encoding.UTF8.GetBytes(documents[i]), ValidationMode.Strict);
            if (official[i].Threw) threw++;
            else if (official[i].Valid) valid++;
            else invalid++;
            bool same = official[i].Threw
                ? !ours.IsValid
                : ours.IsValid == official[i].Valid && ours.Errors.Select(e => (e.Path, e.Expected)).SequenceEqual(official[i].Errors.Select(e => (e.Path, e.Expected)));
            if (!same)
                disagreements.Add($"{documents[i]}\n  official: {string.Join("; ", official[i].Errors.Select(e => (e.Path, e.Expected)))}\n  ours:     {string.Join("; ", ours.Errors.Select(e => (e.Path, e.Expected)))}");
        }

        output.WriteLine($"{documents.Count} documents: official valid {valid}, invalid {invalid}, no verdict (threw) {threw}; disagreements {disagreements.Count}");
        Assert.True(disagreements.Count == 0, string.Join("\n", disagreements.Take(10)));
        Assert.True(valid > 1000 && invalid > 1000);
    }

    [Fact]
    public async Task Read_Union_DiffersOnlyByTheTable()
    {
        List<string> documents = Documents();
        IReadOnlyList<OfficialVerdict> official = await OfficialValidator.ValidateAsync(documents, TestContext.Current.CancellationToken);

        var comparison = new UnionComparison();
        for (int i = 0; i < documents.Count; i++)
            comparison.Add(documents[i], official[i], DefinitionReader.Read(Encoding.UTF8.GetBytes(documents[i])));

        output.WriteLine(comparison.Report());
        Assert.True(comparison.Unexplained.Count == 0, $"{comparison.Unexplained.Count} disagreements outside the table\n" + string.Join("\n", comparison.Unexplained.Take(10)));
        Assert.Empty(comparison.RowsThatNothingHits);
    }

    private static List<string> Documents()
    {
        List<byte[]> sources = Sources();
        var mutator = new DefinitionMutator(sources, Seed);
        List<string> documents = [.. sources.Select(OneLine), .. DeliberateDifferences.All.Select(d => d.Example)];
        for (int i = 0; i < Mutations; i++) documents.Add(mutator.NextJson());
        return documents;
    }

    private static List<byte[]> Sources()
    {
        string examples = Path.Combine(RepositoryFiles.Root, "tests", "Nosana.JobDefinition.Tests", "Data", "job-definition-examples.json");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(examples));
        var sources = document.RootElement.GetProperty("examples").EnumerateArray()
            .Select(e => Encoding.UTF8.GetBytes(e.GetProperty("definition").GetRawText()))
            .ToList();
        if (RepositoryFiles.NoCorpus is null)
            sources.AddRange(Directory.EnumerateFiles(RepositoryFiles.PublicDefinitions, "*.json").Order(StringComparer.Ordinal).Select(File.ReadAllBytes));
        return sources;
    }

    private static string OneLine(byte[] json)
    {
        // A line end in JSON is either between tokens or escaped, so it may become a space.
        return Encoding.UTF8.GetString(json).Replace("\r", " ", StringComparison.Ordinal).Replace("\n", " ", StringComparison.Ordinal);
    }
}
