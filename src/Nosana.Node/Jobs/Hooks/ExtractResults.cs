using System.Text.Json.Nodes;
using Nosana.JobDefinition.Results;
using Nosana.Node.Jobs.Ops;
using Nosana.Node.Jobs.State;
using Nosana.Node.Logs;

namespace Nosana.Node.Jobs.Hooks;

/// <summary>
/// The definition's <c>results</c>, taken at the operation's end from the log as a result of this operation alone would carry it; beside others it may
/// carry less. One operation of a job at a time: each holds its output in memory meanwhile.
/// </summary>
internal sealed class ExtractResults(TimeProvider time) : IOpExited
{
    public async Task ExitedAsync(OpContext op)
    {
        if (op.Operation.Results.Count == 0) return;
        using IDisposable turn = await op.Job.Results.EnterAsync();
        IReadOnlyDictionary<string, ResultValue> values = ResultExtractor.Extract(
            op.Operation.Results, [.. op.Log.ResultView().Entries.Select(entry => (entry.Stream.ToName(), entry.Text))], op.Job.Extraction, time);
        JsonObject results = OpResults.Write(
            op.Operation.Results.Select(result => KeyValuePair.Create(result.Name, op.Job.Results.Take(result.Name, values[result.Name]))));
        op.Job.Flow.SetResults(op.Index, results);
    }
}
