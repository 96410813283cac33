using System.Text.Json;
using Nosana.JobDefinition.Reading;
using Nosana.JobDefinition.Validation;
using Nosana.Testing;

namespace Nosana.JobDefinition.Tests.Validation;

/// <summary>The public corpus and the verdicts that official validators gave.</summary>
public class CorpusTests
{
    private static readonly string[] s_union = ["kit-types-2.1.6", "kit-types-head", "sdk-0.4.69", "sdk-0.4.71src"];

    [Fact]
    public void Read_Corpus_GivesThePrimaryVerdictsInStrictModeAndTheUnionOtherwise()
    {
        NeedsCorpus.OrSkip();
        using JsonDocument verdicts = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(RepositoryFiles.Corpus, "verdicts.json")));
        int files = 0;
        foreach (JsonProperty file in verdicts.RootElement.GetProperty("files").EnumerateObject())
        {
            byte[] content = File.ReadAllBytes(Path.Combine(RepositoryFiles.PublicDefinitions, file.Name));
            DefinitionResult strict = DefinitionReader.ReadFile(file.Name, content, ValidationMode.Strict);
            Assert.Equal(
                file.Value.GetProperty("errors").EnumerateArray().Select(e => (e.GetProperty("path").GetString()!, e.GetProperty("expected").GetString()!)),
                strict.Errors.Select(e => (e.Path, e.Expected)));
            Assert.Equal(file.Value.GetProperty("valid").GetBoolean(), strict.IsValid);

            DefinitionResult union = DefinitionReader.ReadFile(file.Name, content);
            Assert.Equal(s_union.Any(v => file.Value.GetProperty("by").GetProperty(v).GetBoolean()), union.IsValid);
            Assert.Equal(file.Value.GetProperty("node_plan").GetProperty("ok").GetBoolean(), union.PlanFaults.Count == 0);
            files++;
        }
        Assert.Equal(77, files);
    }
}
