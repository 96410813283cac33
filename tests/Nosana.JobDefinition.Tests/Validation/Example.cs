using System.Text.Json;

namespace Nosana.JobDefinition.Tests.Validation;

/// <summary>One of the examples with the verdicts that the official validators gave.</summary>
internal sealed record Example(string Id, string Title, ReadOnlyMemory<byte> Json, JsonElement Verdicts, string? PlanError)
{
    public static IReadOnlyList<Example> All { get; } = Load();

    public static Example Find(string id) => All.Single(e => e.Id == id);

    public ExpectedVerdict Verdict(string validator)
    {
        JsonElement verdict = Verdicts.GetProperty(validator);
        return new ExpectedVerdict(
            verdict.GetProperty("valid") is { ValueKind: not JsonValueKind.Null } valid ? valid.GetBoolean() : null,
            [.. verdict.GetProperty("errors").EnumerateArray().Select(e => (e.GetProperty("path").GetString()!, e.GetProperty("expected").GetString()!))]);
    }

    private static List<Example> Load()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", "job-definition-examples.json")));
        return [.. document.RootElement.GetProperty("examples").EnumerateArray().Select(e => new Example(
            e.GetProperty("id").GetString()!,
            e.GetProperty("title").GetString()!,
            System.Text.Encoding.UTF8.GetBytes(e.GetProperty("definition").GetRawText()),
            e.GetProperty("verdict").Clone(),
            e.GetProperty("node_plan_error").GetString()))];
    }
}

/// <summary>A verdict; <paramref name="Valid"/> is null when the validator threw.</summary>
internal sealed record ExpectedVerdict(bool? Valid, IReadOnlyList<(string Path, string Expected)> Errors);
