using System.Text;
using System.Text.Json.Nodes;
using Nosana.Node.Jobs.State;
using Nosana.Node.Logs;
using Nosana.Node.Tests.Logs;
using Nosana.Testing;

namespace Nosana.Node.Tests.Jobs.State;

public sealed class JobResultsTests : IDisposable
{
    private const string Job = "job";

    private readonly TemporaryDirectory _directory = new();
    private readonly LogStore _logs;
    private readonly JobResults _results;

    public JobResultsTests()
    {
        _logs = new LogStore(_directory.Path, new LogOptions(), new ManualTimeProvider());
        _results = new JobResults(_logs, new LogOptions());
    }

    public void Dispose()
    {
        _logs.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void Of_EverythingFits_IsWhole()
    {
        FlowState flow = Flow("a", "b");
        Print("a", "one\n", 10);
        FlowState result = _results.Of(Job, flow, _results.Bytes);
        Assert.Equal(Enumerable.Repeat("one\n", 10), result.OpStates[0].Logs.Select(entry => entry.Log));
        Assert.Empty(result.OpStates[1].Logs);
        Assert.All(result.OpStates, op => Assert.Null(op.LogsDropped));
        Assert.Empty(flow.OpStates[0].Logs);
    }

    [Fact]
    public void Of_ControlCharactersOf48Operations_IsNoLargerThanTheBudgetAndSharesIt()
    {
        string[] ids = [.. Enumerable.Range(0, 48).Select(op => $"op{op}")];
        FlowState flow = Flow(ids);
        foreach (string id in ids) Print(id, new string('\u0001', 160) + "\n", 3000);
        FlowState result = _results.Of(Job, flow, _results.Bytes);
        long sent = ResultJson.Write(result).Length;
        Assert.InRange(sent, _results.Bytes * 9 / 10, _results.Bytes);
        Assert.Equal(ResultJson.Count(result), sent);
        int[] kept = [.. result.OpStates.Select(op => op.Logs.Count)];
        Assert.InRange(kept.Max() - kept.Min(), 0, 1);
        OpState op = result.OpStates[7];
        int dropped = 3000 - (op.Logs.Count - 1);
        Assert.Equal("nodeerr", op.Logs[0].Type);
        Assert.StartsWith($"{dropped} earlier lines ({dropped * 161} bytes) of this operation are left out", op.Logs[0].Log, StringComparison.Ordinal);
        Assert.Equal((dropped, dropped * 161L), (op.LogsDropped!.Lines, op.LogsDropped.Bytes));
        Assert.EndsWith(op.LogsDropped.Sha256 + "\n", op.Logs[0].Log, StringComparison.Ordinal);
        Assert.Equal(Timestamp(2999), op.Logs[^1].Timestamp);
    }

    [Fact]
    public void Of_OneLoudOperationAmongQuietOnes_TakesWhatTheyLeave()
    {
        FlowState flow = Flow("loud", "quiet", "silent");
        Print("loud", new string('x', 99) + "\n", 5000);
        Print("quiet", "a line\n", 100);
        const long Budget = 200_000;
        FlowState result = _results.Of(Job, flow, Budget);
        Assert.InRange(ResultJson.Write(result).Length, Budget * 9 / 10, Budget);
        Assert.Equal(100, result.OpStates[1].Logs.Count);
        Assert.Null(result.OpStates[1].LogsDropped);
        Assert.InRange(result.OpStates[0].Logs.Count, 900, 1100); // 180 bytes an entry
    }

    [Fact]
    public void Of_HalvedAgainAndAgain_GetsSmallerDownToNoOutput()
    {
        FlowState flow = Flow("a", "b");
        Print("a", "line\n", 1000);
        Print("b", "line\n", 1000);
        FlowState result = _results.Of(Job, flow, _results.Bytes);
        byte[] json = ResultJson.Write(result);
        int halvings = 0;
        while (true)
        {
            byte[] smaller = ResultJson.Write(_results.Of(Job, ResultJson.Read(json), json.Length / 2));
            if (smaller.Length >= json.Length) break;
            json = smaller;
            halvings++;
        }
        Assert.InRange(halvings, 4, 20);
        FlowState least = ResultJson.Read(json);
        Assert.All(least.OpStates, op => Assert.Equal("nodeerr", Assert.Single(op.Logs).Type));
        Assert.All(least.OpStates, op => Assert.Equal(1000, op.LogsDropped!.Lines));
    }

    [Fact]
    public void Of_ResultsAndErrorsBeyondTheBudget_CutsThemInThisOrder()
    {
        FlowState flow = Flow("a");
        OpState op = flow.OpStates[0];
        op.Results = new JsonObject { ["r"] = new JsonArray(new string('r', 50_000)) };
        op.Errors = [.. Enumerable.Range(0, 100).Select(_ => new OpError(OpError.Operation, new string('e', 1000)))];
        op.Diagnostics.State = new JsonObject { ["Error"] = new string('s', 5_000) };
        FlowState slightly = _results.Of(Job, flow, 120_000);
        Assert.StartsWith("Error: left out", slightly.OpStates[0].Results!["r"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(100, slightly.OpStates[0].Errors.Count);
        FlowState much = _results.Of(Job, flow, 5_000);
        Assert.Equal(4, much.OpStates[0].Errors.Count);
        Assert.Null(much.OpStates[0].Diagnostics.State);
        Assert.InRange(ResultJson.Count(much), 1, 5_000);
        Assert.Equal(100, op.Errors.Count);
        Assert.IsType<JsonArray>(op.Results["r"]);
        Assert.NotNull(op.Diagnostics.State);
    }

    private static FlowState Flow(params string[] ops) => new() { OpStates = [.. ops.Select(op => new OpState { OperationId = op, Group = op })] };

    private static string Timestamp(int line) => new Docker.DockerTimestamp(line).ToString();

    private void Print(string op, string line, int times)
    {
        OpLog log = _logs.OpenOrCreate(Job, op);
        byte[] text = Encoding.UTF8.GetBytes(line);
        for (int i = 0; i < times; i++) log.Append(LogStream.Stdout, i, text);
    }
}
