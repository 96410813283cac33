using System.Text.Json;
using Nosana.EndToEnd.Tests.Support;

namespace Nosana.EndToEnd.Tests.JobDefinition;

/// <summary>The official validator (@nosana/types 2.1.6 on node), run once over many documents.</summary>
internal static class OfficialValidator
{
    /// <summary>One verdict per document, in their order.</summary>
    /// <param name="documents">JSON, each on one line.</param>
    /// <param name="cancellation">Ends the program.</param>
    public static async Task<IReadOnlyList<OfficialVerdict>> ValidateAsync(IReadOnlyList<string> documents, CancellationToken cancellation)
    {
        string batch = Path.GetTempFileName();
        try
        {
            await File.WriteAllLinesAsync(batch, documents, cancellation);
            string[] answers = await NodeProgram.RunAsync("validate-batch.mjs", [Path.Combine(TestNode.Modules, "node_modules"), batch], cancellation);
            Assert.Equal(documents.Count, answers.Length);
            return [.. answers.Select(OfficialVerdict.Parse)];
        }
        finally
        {
            File.Delete(batch);
        }
    }
}

/// <summary>What the official validator said; <paramref name="Threw"/> when it gave no verdict.</summary>
internal sealed record OfficialVerdict(bool Valid, bool Threw, IReadOnlyList<OfficialError> Errors)
{
    public static OfficialVerdict Parse(string line)
    {
        using JsonDocument answer = JsonDocument.Parse(line);
        if (answer.RootElement.TryGetProperty("threw", out _)) return new OfficialVerdict(false, true, []);
        return new OfficialVerdict(
            answer.RootElement.GetProperty("valid").GetBoolean(),
            false,
            [.. answer.RootElement.GetProperty("errors").EnumerateArray().Select(e => new OfficialError(
                e.GetProperty("path").GetString()!,
                e.GetProperty("expected").GetString()!,
                e.TryGetProperty("value", out JsonElement value) ? value.Clone() : null))]);
    }
}

/// <summary>One fault; <paramref name="Value"/> is null for a key that is missing.</summary>
internal sealed record OfficialError(string Path, string Expected, JsonElement? Value);
