using System.Text;
using System.Text.Json.Nodes;
using Nosana.Node.Jobs.State;

namespace Nosana.Node.Tests.Jobs.State;

/// <summary>The shape that the network's clients read, as literal text.</summary>
public sealed class ResultJsonTests
{
    [Fact]
    public void Write_NewFlow_HasEveryFieldOfTheOfficialShape()
    {
        var state = new FlowState { OpStates = [new OpState { OperationId = "hello", Group = "g" }] };
        Same("""
            {"status":"init","startTime":null,"endTime":null,"secrets":{},"opStates":[
              {"operationId":"hello","group":"g","providerId":null,"status":"init","startTime":null,"endTime":null,"exitCode":null,"logs":[],"errors":[],
               "diagnostics":{"reason":{"hostShutDown":false,"jobStopped":false,"jobExpired":false}}}]}
            """, state);
    }

    [Fact]
    public void Write_EndedFlow_HasTheOfficialShape()
    {
        var op = new OpState
        {
            OperationId = "hello",
            Group = "hello",
            ProviderId = "abc",
            Status = "stopped",
            StartTime = 1_700_000_000_000,
            EndTime = 1_700_000_001_000,
            ExitCode = 137,
            Logs = [new LogEntry("stdout", "Grüße <&> \"x\"\n", "2026-01-01T00:00:00.123456789Z"), new LogEntry("nodeerr", "cut", null)],
            Errors = [new OpError(OpError.ImagePull, "HTTP code 404", 404), new OpError(OpError.Operation, "no code")],
            Results = new JsonObject { ["a"] = new JsonArray("x", null), ["b"] = "SyntaxError: x" },
            LogsDropped = new LogsDropped(3, 40, "00ff"),
        };
        op.Diagnostics.Reason.JobStopped = true;
        op.Diagnostics.Reason.Reason = "Operation stopped due to flow stopped";
        op.Diagnostics.State = new JsonObject { ["Status"] = "exited", ["ExitCode"] = 137, ["RestartCount"] = 0 };
        var state = new FlowState { Status = "stopped", StartTime = 1, EndTime = 2, OpStates = [op] };
        state.AddError(JsonValue.Create("a flow error"));
        state.AddError(new JsonObject { ["path"] = "$input.ops" });
        Same("""
            {"status":"stopped","startTime":1,"endTime":2,"secrets":{},"opStates":[
              {"operationId":"hello","group":"hello","providerId":"abc","status":"stopped","startTime":1700000000000,"endTime":1700000001000,"exitCode":137,
               "logs":[{"type":"stdout","log":"Grüße <&> \"x\"\n","timestamp":"2026-01-01T00:00:00.123456789Z"},{"type":"nodeerr","log":"cut"}],
               "errors":[{"event":"image-pull-error","message":"HTTP code 404","code":404},{"event":"operation-error","message":"no code"}],
               "results":{"a":["x",null],"b":"SyntaxError: x"},
               "diagnostics":{"reason":{"hostShutDown":false,"jobStopped":true,"jobExpired":false,"reason":"Operation stopped due to flow stopped"},
                 "state":{"Status":"exited","ExitCode":137,"RestartCount":0}},
               "logsDropped":{"lines":3,"bytes":40,"sha256":"00ff"}}],
             "errors":["a flow error",{"path":"$input.ops"}]}
            """, state);
        Assert.Contains("Grüße <&>", Encoding.UTF8.GetString(ResultJson.Write(state)), StringComparison.Ordinal);
    }

    [Fact]
    public void WriteReadable_MoreThanAPersonReads_IsAsItIsSent()
    {
        var state = new FlowState { OpStates = [new OpState { OperationId = "a", Group = "a", Logs = [new LogEntry("stdout", "x", null)] }] };
        Assert.Contains("\n  \"status\": \"init\"", ResultJson.WriteReadable(state), StringComparison.Ordinal);
        state.OpStates[0].Logs = [new LogEntry("stdout", new string('x', 2 << 20), null)];
        Assert.Equal(ResultJson.Count(state), ResultJson.WriteReadable(state).Length);
    }

    [Fact]
    public void WriteWithoutLogs_LeavesOutLogsAlone()
    {
        var op = new OpState { OperationId = "a", Group = "a", Status = "running", StartTime = 1, ProviderId = "x", Logs = [new LogEntry("stdout", "x", null)], Results = new JsonObject { ["a"] = "b" } };
        var state = new FlowState { Status = "running", StartTime = 1, Secrets = new JsonObject { ["job"] = new JsonObject() }, OpStates = [op] };
        string with = Encoding.UTF8.GetString(ResultJson.Write(state));
        string without = Encoding.UTF8.GetString(ResultJson.WriteWithoutLogs(state));
        Assert.Equal(with.Replace("""[{"type":"stdout","log":"x"}]""", "[]", StringComparison.Ordinal), without);
        Assert.Single(op.Logs);
    }

    [Fact]
    public void Read_WhatWasWritten_IsTheSameState()
    {
        var state = new FlowState { Status = "running", StartTime = 1, OpStates = [new OpState { OperationId = "a", Group = "a", ExitCode = 3, Errors = [new OpError("operation-error", "x", 500)] }] };
        byte[] json = ResultJson.Write(state);
        Assert.Equal(json, ResultJson.Write(ResultJson.Read(json)));
    }

    private static void Same(string expected, FlowState state) =>
        Assert.Equal(JsonNode.Parse(expected)!.ToJsonString(), JsonNode.Parse(ResultJson.Write(state))!.ToJsonString());
}
