using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Nosana.EndToEnd.Tests.Corpus;

/// <summary>The official shape of a flow that has ended: fields, their kinds, and how they go together.</summary>
internal static class FlowShape
{
    private static readonly string[] FlowFields = ["status", "startTime", "endTime", "secrets", "opStates"];
    private static readonly string[] OpFields = ["operationId", "group", "providerId", "status", "startTime", "endTime", "exitCode", "logs", "errors", "diagnostics"];
    private static readonly string[] Flags = ["hostShutDown", "jobStopped", "jobExpired"];

    /// <summary>What engines say of a container, and the count of its restarts.</summary>
    private static readonly string[] StateFields =
        ["Status", "Running", "Paused", "Restarting", "OOMKilled", "Dead", "Pid", "ExitCode", "Error", "StartedAt", "FinishedAt", "RestartCount"];

    /// <returns>The operations' states.</returns>
    public static JsonObject[] Check(JsonObject flow)
    {
        Assert.Equal(FlowFields.Order(), flow.Select(field => field.Key).Order());
        Assert.True(Milliseconds(flow["startTime"]) <= Milliseconds(flow["endTime"]));
        Assert.Empty(flow["secrets"]!.AsObject());
        return [.. flow["opStates"]!.AsArray().Select(op => op!.AsObject())];
    }

    public static void CheckOp(ExpectedOp wanted, JsonObject op)
    {
        Assert.Equal([.. OpFields.Concat(wanted.Results.Count > 0 ? ["results"] : []).Order()], op.Select(field => field.Key).Order());
        Assert.Equal((wanted.Id, wanted.Group), (op["operationId"]!.GetValue<string>(), op["group"]!.GetValue<string>()));
        Assert.Equal((wanted.Status, wanted.ExitCode), (op["status"]!.GetValue<string>(), op["exitCode"]!.GetValue<int>()));
        if (wanted.HasStarted) Assert.True(Milliseconds(op["startTime"]) <= Milliseconds(op["endTime"]));
        else Assert.Null(op["startTime"]);
        CheckErrors(wanted, op["errors"]!.AsArray());
        CheckLogs(wanted, op["logs"]!.AsArray());
        if (wanted.Results.Count > 0) CheckResults(wanted, op["results"]!.AsObject());
        CheckDiagnostics(wanted, op);
    }

    private static void CheckErrors(ExpectedOp wanted, JsonArray errors)
    {
        if (wanted.Error is null)
        {
            Assert.Empty(errors);
            return;
        }
        JsonObject error = Assert.Single(errors)!.AsObject();
        Assert.Equal(wanted.HasContainer ? "operation-error" : "image-pull-error", error["event"]!.GetValue<string>());
        Assert.StartsWith(wanted.Error, error["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    private static void CheckLogs(ExpectedOp wanted, JsonArray logs)
    {
        foreach (JsonNode? entry in logs)
        {
            Assert.Equal(["log", "timestamp", "type"], entry!.AsObject().Select(field => field.Key).Order());
            Assert.EndsWith("\n", entry["log"]!.GetValue<string>(), StringComparison.Ordinal);
            Assert.True(DateTimeOffset.TryParse(entry["timestamp"]!.GetValue<string>(), CultureInfo.InvariantCulture, out _));
        }
        if (wanted.Lines is null) return;
        Assert.Equal(wanted.Lines, logs.Where(entry => entry!["type"]!.GetValue<string>() == "stdout").Select(entry => entry!["log"]!.GetValue<string>().TrimEnd('\n')));
    }

    private static void CheckResults(ExpectedOp wanted, JsonObject results) =>
        Assert.Equal(wanted.Results, results.ToDictionary(result => result.Key, result => result.Value!.AsArray().Select(part => part!.GetValue<string>()).ToArray()));

    private static void CheckDiagnostics(ExpectedOp wanted, JsonObject op)
    {
        JsonObject reason = op["diagnostics"]!["reason"]!.AsObject();
        string? why = wanted.IsExpired ? "Operation stopped due to flow expired" : wanted.IsStopped ? "Operation stopped due to flow stopped" : null;
        Assert.Equal([.. Flags, .. why is null ? Array.Empty<string>() : ["reason"]], reason.Select(field => field.Key));
        Assert.Equal([false, wanted.IsStopped, wanted.IsExpired], Flags.Select(flag => reason[flag]!.GetValue<bool>()));
        Assert.Equal(why, reason["reason"]?.GetValue<string>());

        JsonObject? state = op["diagnostics"]!["state"]?.AsObject();
        Assert.Equal(wanted.HasContainer, state is not null);
        Assert.Equal(wanted.HasContainer, op["providerId"] is not null);
        if (state is null) return;
        Assert.Equal(64, op["providerId"]!.GetValue<string>().Length);
        Assert.Subset(state.Select(field => field.Key).ToHashSet(), StateFields.ToHashSet());
        Assert.Equal((wanted.ExitCode, wanted.Restarts), (state["ExitCode"]!.GetValue<int>(), state["RestartCount"]!.GetValue<int>()));
    }

    private static long Milliseconds(JsonNode? time)
    {
        Assert.Equal(JsonValueKind.Number, time?.GetValueKind());
        return time!.GetValue<long>();
    }
}
