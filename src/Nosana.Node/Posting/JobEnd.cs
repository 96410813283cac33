using System.Text.Json;
using System.Text.Json.Nodes;
using Nosana.Node.Jobs.State;

namespace Nosana.Node.Posting;

internal enum JobEndKind
{
    /// <summary>Its flow succeeded.</summary>
    Completed,

    /// <summary>Its flow failed.</summary>
    Failed,

    /// <summary>It was ended before its work was done, by its poster or by its host.</summary>
    Stopped,

    /// <summary>Its host could not or would not serve it; the deposit waits to be recovered.</summary>
    GivenBack,

    /// <summary>It has a result, which cannot be read.</summary>
    Unknown,
}

/// <summary>How a job ended.</summary>
/// <param name="Reasons">Why, as far as the chain or the host's result says; sentences for the poster, perhaps none.</param>
internal sealed record JobEnd(JobEndKind Kind, IReadOnlyList<string> Reasons)
{
    /// <summary>The end in a word or two.</summary>
    public string Word => Kind switch
    {
        JobEndKind.Completed => "completed",
        JobEndKind.Failed => "failed",
        JobEndKind.Stopped => "stopped",
        JobEndKind.GivenBack => "given back",
        _ => "unknown",
    };

    /// <summary>What a host's result says. Results are strangers' documents: whatever is missing or odd in one is passed over.</summary>
    public static JobEnd OfResult(JsonNode? result)
    {
        if (result is not JsonObject) return new JobEnd(JobEndKind.Unknown, ["its host's result is not a JSON object"]);
        string? status = Text(result, "status");
        JobEndKind kind = status switch { FlowStatus.Success => JobEndKind.Completed, FlowStatus.Stopped => JobEndKind.Stopped, _ => JobEndKind.Failed };
        // Hosts of the newer rules say of a stopped job what became of its operations, and these that they were stopped.
        if (kind == JobEndKind.Completed && Items(result, "opStates").Any(WasStoppedOnChain)) kind = JobEndKind.Stopped;
        if (kind == JobEndKind.Completed) return new JobEnd(kind, []);
        List<string> reasons = [.. Messages(result)];
        foreach (JsonNode? op in Items(result, "opStates")) reasons.AddRange(OfOperation(op));
        if (reasons.Count == 0) reasons.Add(status is null ? "the host's result has no status" : $"the host's result has the status '{status}' and no reason");
        return new JobEnd(kind, reasons);
    }

    private static bool WasStoppedOnChain(JsonNode? op) => IsTrue(Member(Member(op, "diagnostics"), "reason"), "jobStopped");

    private static IEnumerable<string> OfOperation(JsonNode? op)
    {
        string name = $"operation '{Text(op, "operationId") ?? "?"}'";
        string[] messages = [.. Messages(op)];
        string? status = Text(op, "status");
        if (status == FlowStatus.Failed && messages.Length == 0)
        {
            bool told = Member(op, "exitCode") is JsonValue code && code.GetValueKind() == JsonValueKind.Number;
            yield return told ? $"{name} failed with exit code {Member(op, "exitCode")}" : $"{name} failed";
        }
        foreach (string message in messages) yield return $"{name}: {message}";
        if (status != FlowStatus.Stopped) yield break;
        JsonNode? why = Member(Member(op, "diagnostics"), "reason");
        if (Text(why, "reason") is { Length: > 0 } said) yield return $"{name} was stopped: {said}";
        else if (IsTrue(why, "hostShutDown")) yield return $"{name} was stopped: its host shut down";
        else if (IsTrue(why, "jobStopped")) yield return $"{name} was stopped by the job's poster";
    }

    /// <summary>An error is text, or an object with a message.</summary>
    private static IEnumerable<string> Messages(JsonNode? parent) =>
        Items(parent, "errors").OfType<JsonNode>().Select(error => Text(error, "message") ?? (error as JsonValue)?.ToString() ?? error.ToJsonString());

    private static IEnumerable<JsonNode?> Items(JsonNode? parent, string name) => Member(parent, name) as JsonArray ?? [];

    private static JsonNode? Member(JsonNode? parent, string name) => (parent as JsonObject)?[name];

    private static string? Text(JsonNode? parent, string name) =>
        Member(parent, name) is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static bool IsTrue(JsonNode? parent, string name) => Member(parent, name) is JsonValue value && value.GetValueKind() == JsonValueKind.True;
}
