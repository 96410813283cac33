using System.Text.Json.Nodes;
using Nosana.JobDefinition.Results;
using Nosana.Node.Jobs.Ops;
using Nosana.Node.Jobs.State;
using Nosana.Node.Logs;

namespace Nosana.Node.Jobs.Hooks;

/// <summary>
/// The definition's <c>results</c>, taken at the operation's end from the log as the result carries it: a match then never speaks of
/// lines that its reader cannot see.
/// </summary>
internal sealed class ExtractResults(TimeProvider time) : IOpExited
{
    public Task ExitedAsync(OpContext op)
    {
        if (op.Operation.Results.Count == 0) return Task.CompletedTask;
        IReadOnlyDictionary<string, ResultValue> values = ResultExtractor.Extract(
            op.Operation.Results, [.. op.Log.ResultView().Entries.Select(entry => (entry.Stream.ToName(), entry.Text))], op.Job.Extraction, time);
        JsonObject results = OpResults.Write(op.Operation.Results.Select(result => KeyValuePair.Create(result.Name, values[result.Name])));
        op.Job.Flow.UpdateOp(op.Index, state => state.Results = results);
        return Task.CompletedTask;
    }
}
