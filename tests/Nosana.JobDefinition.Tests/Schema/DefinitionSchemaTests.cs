using System.Text;
using System.Text.Json;
using Nosana.JobDefinition.Faults;
using Nosana.JobDefinition.Reading;
using Nosana.JobDefinition.Schema;
using Nosana.JobDefinition.Tests.Validation;
using Nosana.Testing;

namespace Nosana.JobDefinition.Tests.Schema;

public class DefinitionSchemaTests
{
    private const string UpdateVariable = "NOSANA_UPDATE_FILES";
    private const int Seed = 7;
    private const int Mutations = 10_000;

    /// <summary>What a schema cannot say, by the fault's <c>expected</c>.</summary>
    private static readonly string[] s_beyondSchema =
    [
        "Array<> & UniqueById", "Array<> & TagBase<__type>", "no circle of dependencies", "fewer ports", "less nesting", "whole characters",
    ];

    private static string PublishedFile => Path.Combine(RepositoryFiles.Root, "schema", "job-definition.schema.json");

    [Fact]
    public void Text_OfTheRules_IsThePublishedFile()
    {
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1") File.WriteAllText(PublishedFile, DefinitionSchema.Text());

        Assert.True(
            File.ReadAllText(PublishedFile) == DefinitionSchema.Text(),
            $"schema/job-definition.schema.json is not what the rules say; run this test with {UpdateVariable}=1 and look at the difference");
    }

    [Fact]
    public void PublishedFile_ExamplesAndMutations_JudgesAsTheModelDoes()
    {
        using JsonDocument schema = JsonDocument.Parse(File.ReadAllBytes(PublishedFile));
        byte[][] examples = [.. Example.All.Select(e => e.Json.ToArray())];
        var mutator = new DefinitionMutator(examples, Seed);
        IEnumerable<byte[]> documents = examples.Concat(Enumerable.Range(0, Mutations).Select(_ => Encoding.UTF8.GetBytes(mutator.NextJson())));

        int valid = 0, invalid = 0, beyond = 0;
        foreach (byte[] json in documents)
        {
            using JsonDocument document = JsonDocument.Parse(json);
            DefinitionResult ours = DefinitionReader.Read(json);
            bool bySchema = SmallSchemaValidator.IsValid(schema.RootElement, document.RootElement);
            if (ours.IsValid && bySchema) valid++;
            else if (!ours.IsValid && !bySchema) invalid++;
            else
            {
                bool isExplained = !ours.IsValid && ours.Errors.All(e => s_beyondSchema.Contains(e.Expected) || IsRangeByNumbers(e));
                Assert.True(isExplained, $"schema says {bySchema}, the model {ours.IsValid} of {Encoding.UTF8.GetString(json)}: {string.Join("; ", ours.Errors)}");
                beyond++;
            }
        }
        Assert.True(valid > 100 && invalid > 1000 && beyond > 0, $"valid {valid}, invalid {invalid}, beyond the schema {beyond}");
    }

    /// <summary>A range whose form is right and whose numbers are not.</summary>
    private static bool IsRangeByNumbers(DefinitionFault fault) =>
        fault.Path.Contains(".expose", StringComparison.Ordinal) && fault.Found is { } found && System.Text.RegularExpressions.Regex.IsMatch(found, "^\"[0-9]+-[0-9]+\"$");
}
