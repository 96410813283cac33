using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Testing;

namespace Nosana.EndToEnd.Tests.Corpus;

/// <summary><c>validate</c> over the whole public corpus at once, beside the verdicts that the official validators gave.</summary>
public sealed class ValidateCommandTests(ITestOutputHelper output)
{
    /// <summary>The validators whose union is accepted; sdk-0.3.57 is older than all that is on the network.</summary>
    private static readonly string[] Union = ["kit-types-2.1.6", "kit-types-head", "sdk-0.4.69", "sdk-0.4.71src"];

    [Fact]
    public async Task Validate_StrictOverTheCorpus_GivesThePrimaryVerdicts()
    {
        NeedsCorpus.OrSkip();
        using JsonDocument verdicts = Verdicts();
        using JsonDocument ours = await ValidateAsync("--strict");

        foreach ((string name, JsonElement given, JsonElement expected) in Pairs(ours, verdicts))
        {
            Assert.True(expected.GetProperty("valid").GetBoolean() == given.GetProperty("valid").GetBoolean(), name);
            Assert.Equal(Places(expected), Places(given));
        }
    }

    [Fact]
    public async Task Validate_Corpus_GivesTheUnionLessWhatNoHostCanPlan()
    {
        NeedsCorpus.OrSkip();
        using JsonDocument verdicts = Verdicts();
        using JsonDocument ours = await ValidateAsync();

        foreach ((string name, JsonElement given, JsonElement expected) in Pairs(ours, verdicts))
        {
            bool union = Union.Any(validator => expected.GetProperty("by").GetProperty(validator).GetBoolean());
            bool planned = expected.GetProperty("node_plan").GetProperty("ok").GetBoolean();
            string[] places = [.. given.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("path").GetString()!)];
            Assert.True((union && planned) == given.GetProperty("valid").GetBoolean(), $"{name}: {given}");
            Assert.True(given.GetProperty("valid").GetBoolean() == (places.Length == 0), name);
            if (union && !planned) Assert.All(places, place => Assert.Contains(".execution.depends_on[", place, StringComparison.Ordinal));
        }
    }

    private async Task<JsonDocument> ValidateAsync(params string[] options)
    {
        string[] files = [.. Directory.EnumerateFiles(RepositoryFiles.PublicDefinitions).Order(StringComparer.Ordinal)];
        long began = Stopwatch.GetTimestamp();
        (int code, string json, string text) = await NodeProcess.RunAsync(Path.GetTempPath(), ["validate", .. options, "--format", "json", .. files]);
        double took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"validate {string.Join(' ', options)}: {files.Length} files in {took:0} ms, {took / files.Length:0.00} ms a file, the process's start included"));
        Assert.True(code == 1, $"exit code {code}: {text}"); // some files are invalid either way
        return JsonDocument.Parse(json);
    }

    private static IEnumerable<(string Name, JsonElement Given, JsonElement Expected)> Pairs(JsonDocument ours, JsonDocument verdicts)
    {
        Dictionary<string, JsonElement> given = ours.RootElement.EnumerateArray().ToDictionary(verdict => Path.GetFileName(verdict.GetProperty("file").GetString()!));
        Dictionary<string, JsonElement> expected = verdicts.RootElement.GetProperty("files").EnumerateObject().ToDictionary(file => file.Name, file => file.Value);
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), given.Keys.Order(StringComparer.Ordinal));
        Assert.NotEmpty(given);
        return given.Select(pair => (pair.Key, pair.Value, expected[pair.Key]));
    }

    private static IEnumerable<(string?, string?)> Places(JsonElement verdict) =>
        verdict.GetProperty("errors").EnumerateArray().Select(error => (error.GetProperty("path").GetString(), error.GetProperty("expected").GetString()));

    private static JsonDocument Verdicts() => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(RepositoryFiles.Corpus, "verdicts.json")));
}
