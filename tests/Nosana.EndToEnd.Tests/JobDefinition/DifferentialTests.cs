using System.Text;
using System.Text.Json;
using Nosana.JobDefinition.Reading;
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
        Assert.SkipWhen(OfficialValidator.Missing is not null, OfficialValidator.Missing ?? "");
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
                : ours.IsValid == official[i].Valid && ours.Errors.Select(e => (e.Path, e.Expected)).SequenceEqual(official[i].Errors);
            if (!same)
                disagreements.Add($"{documents[i]}\n  official: {string.Join("; ", official[i].Errors)}\n  ours:     {string.Join("; ", ours.Errors.Select(e => (e.Path, e.Expected)))}");
        }

        output.WriteLine($"{documents.Count} documents: official valid {valid}, invalid {invalid}, no verdict (threw) {threw}; disagreements {disagreements.Count}");
        Assert.True(disagreements.Count == 0, string.Join("\n", disagreements.Take(10)));
        Assert.True(valid > 1000 && invalid > 1000);
    }

    private static List<string> Documents()
    {
        List<byte[]> sources = Sources();
        var mutator = new DefinitionMutator(sources, Seed);
        var documents = sources.Select(s => OneLine(s)).ToList();
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
            sources.AddRange(Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Corpus, "public"), "*.json").Order(StringComparer.Ordinal).Select(File.ReadAllBytes));
        return sources;
    }

    private static string OneLine(byte[] json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return JsonSerializer.Serialize(document.RootElement);
    }
}
