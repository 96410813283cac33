using System.Text.Json.Nodes;

namespace Nosana.Node.Jobs.State;

/// <summary>Cuts what a result has beside its output, when that alone is too much: what was extracted first, then errors, then what the engine said.</summary>
internal static class ResultTrim
{
    private const int KeptErrors = 4, KeptErrorText = 512;

    /// <param name="result">Its operations are changed; what they share with others is not.</param>
    /// <param name="limit">Bytes as they are sent.</param>
    /// <returns>What it has now; over the limit when nothing is left to be cut.</returns>
    public static long Fit(FlowState result, long limit)
    {
        long bytes = ResultJson.Count(result);
        foreach (Action<FlowState> cut in (Action<FlowState>[])[CutResults, CutErrors, CutStates])
        {
            if (bytes <= limit) break;
            cut(result);
            bytes = ResultJson.Count(result);
        }
        return bytes;
    }

    private static void CutResults(FlowState result)
    {
        foreach (OpState op in result.OpStates.Where(op => op.Results is not null))
            op.Results = new JsonObject(op.Results!.Select(entry => KeyValuePair.Create<string, JsonNode?>(
                entry.Key, "Error: left out, the job's result has no room for it")));
    }

    private static void CutErrors(FlowState result)
    {
        foreach (OpState op in result.OpStates) op.Errors = [.. op.Errors.Take(KeptErrors).Select(error => error with { Message = Shorten(error.Message) })];
        if (result.Errors is { Count: > KeptErrors } errors)
            result.Errors =
            [
                .. errors.Take(KeptErrors),
                JsonValue.Create($"{errors.Count - KeptErrors} more are left out, the job's result has no room for them"),
            ];
    }

    private static void CutStates(FlowState result)
    {
        foreach (OpState op in result.OpStates) op.Diagnostics = new OpDiagnostics { Reason = op.Diagnostics.Reason };
    }

    private static string Shorten(string text) => text.Length <= KeptErrorText ? text : text[..KeptErrorText] + "...";
}
