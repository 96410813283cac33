using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Nosana.JobDefinition;
using Nosana.JobDefinition.Model;
using Nosana.Node.Jobs;
using Nosana.Node.Jobs.State;
using Nosana.Node.Journal;
using Nosana.Node.Market.Confidential;

namespace Nosana.Node.Market;

/// <summary>
/// Runs of confidential jobs: the document on IPFS says where the definition comes from, and where the result goes. Neither is published, and neither is
/// on disk any longer than it is needed.
/// </summary>
internal sealed partial class RunSession
{
    /// <summary>The part of a run's flow in which its public document is kept.</summary>
    private const string LogisticsPart = "logistics";

    /// <summary>Runs of which secrets are in the journal, by their addresses.</summary>
    private readonly ConcurrentDictionary<string, Logistics> _secret = new(StringComparer.Ordinal);

    /// <summary>The definition of a job whose public document has logistics; the document itself where the definition does not come past it.</summary>
    /// <returns>The definition, or the run's end without one.</returns>
    private async Task<(byte[]? Utf8Json, Ended? End)> ReceiveAsync(
        RunRecord record, Logistics logistics, byte[] document, JobControl control, CancellationToken exiting)
    {
        journal.BeSecretive();
        _secret[record.Run] = logistics;
        Keep(record.Job, () => journal.SaveFlow(record.Run, [new FlowPart(LogisticsPart, document)]));
        if (logistics.Send is not { } send) return (document, null);
        LogAwaiting(send.Type);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(control.StopToken, exiting);
        try
        {
            return (await courier.FetchAsync(record.Job, send, stop.Token), null);
        }
        catch (OperationCanceledException) when (!exiting.IsCancellationRequested)
        {
            StopReason reason = control.Reason!;
            return reason == StopReason.HostShutDown
                ? (null, Refuse(record, RefusalCause.Job, reason.BeforeStart!))
                : (null, Ran(record, FlowResults.EndedBeforeStart(reason, time), reason.Word));
        }
        catch (LogisticsException e)
        {
            LogMissing(e.Message);
            return (null, await HandOverAsync(record, FlowResults.NoDefinition(e.Message, time), "no definition", exiting));
        }
    }

    /// <summary>What is known of a run's secrecy after a restart.</summary>
    private void RecallSecret(string run)
    {
        if (journal.FindFlow(run).FirstOrDefault(part => part.Name == LogisticsPart) is not { } part) return;
        if (DefinitionLoader.Load(part.Json).Definition?.Logistics is not { } logistics) return;
        journal.BeSecretive();
        _secret[run] = logistics;
    }

    /// <summary>Hands the whole result of a confidential job to its owner, and keeps for the world that there was one.</summary>
    private async Task<Ended> HandOverAsync(RunRecord record, FlowState state, string reason, CancellationToken exiting)
    {
        if (!_secret.TryGetValue(record.Run, out Logistics? logistics)) return Ran(record, state, reason);
        if (logistics.Receive is not { } receive) return Ran(record, state, reason);
        FlowState blank = BlankOf(state);
        try
        {
            await courier.DeliverAsync(record.Job, receive, state, exiting);
            LogHandedOver(receive.Type);
        }
        catch (LogisticsException e)
        {
            LogNotHandedOver(e.Message);
            blank.AddError(JsonValue.Create(e.Message));
        }
        return Ran(record, blank, reason);
    }

    /// <summary>The run has ended: what its job's owner alone may know goes from the disk.</summary>
    private void ForgetSecret(RunRecord record)
    {
        if (!_secret.TryRemove(record.Run, out Logistics? logistics)) return;
        Keep(record.Job, () => journal.Erase(record.Run));
        if (logistics.Receive is not null) output.Delete(record.Job);
    }

    /// <summary>The flow without what only its owner may know: a fault of his definition quotes it.</summary>
    private static FlowState BlankOf(FlowState state)
    {
        var blank = new FlowState { Status = state.Status, StartTime = state.StartTime, EndTime = state.EndTime };
        foreach (JsonNode error in state.Errors ?? [])
            blank.AddError(error is JsonObject fault ? new JsonObject { ["path"] = fault["path"]?.DeepClone() } : error.DeepClone());
        return blank;
    }

    [LoggerMessage(542, LogLevel.Information, "The job is confidential: its definition comes from its owner ({Way})")]
    private partial void LogAwaiting(LogisticsType way);

    [LoggerMessage(543, LogLevel.Information, "The result is with the job's owner ({Way})")]
    private partial void LogHandedOver(LogisticsType way);

    [LoggerMessage(544, LogLevel.Warning, "The result is not with the job's owner: {Problem}")]
    private partial void LogNotHandedOver(string problem);
}
