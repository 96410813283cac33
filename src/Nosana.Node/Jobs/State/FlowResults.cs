using System.Text.Json.Nodes;
using Nosana.JobDefinition.Faults;

namespace Nosana.Node.Jobs.State;

/// <summary>Results of flows in which nothing ran: the poster still learns what and where.</summary>
internal static class FlowResults
{
    public static FlowState Invalid(IReadOnlyList<DefinitionFault> faults, TimeProvider time)
    {
        FlowState state = Ended(FlowStatus.ValidationError, time);
        foreach (DefinitionFault fault in faults)
            state.AddError(new JsonObject { ["path"] = fault.Path, ["expected"] = fault.Expected, ["value"] = fault.Found, ["message"] = fault.Message });
        return state;
    }

    /// <param name="why">What kept every operation from running, and is the definition's matter.</param>
    public static FlowState Failed(string why, TimeProvider time)
    {
        FlowState state = Ended(FlowStatus.Failed, time);
        state.AddError(JsonValue.Create(why));
        return state;
    }

    /// <param name="why">A confidential job's definition did not come from its owner.</param>
    public static FlowState NoDefinition(string why, TimeProvider time)
    {
        FlowState state = Ended(FlowStatus.LogisticsError, time);
        state.AddError(JsonValue.Create(why));
        return state;
    }

    public static FlowState EndedBeforeStart(StopReason reason, TimeProvider time)
    {
        FlowState state = Ended(reason.UnstartedStatus, time);
        if (reason.BeforeStart is { } why) state.AddError(JsonValue.Create(why));
        return state;
    }

    private static FlowState Ended(string status, TimeProvider time)
    {
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return new FlowState { Status = status, StartTime = now, EndTime = now };
    }
}
