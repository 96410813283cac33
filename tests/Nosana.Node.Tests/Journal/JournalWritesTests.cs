using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Nosana.JobDefinition;
using Nosana.JobDefinition.Model;
using Nosana.Node.Jobs.State;
using Nosana.Node.Journal;
using Nosana.Node.Tests.Logs;

namespace Nosana.Node.Tests.Journal;

/// <summary>
/// What the journal hands to the kernel, as the kernel counts it, for the changes of a job: as much as what changed, however much the job has beside
/// it. Beside each stands what writing the whole flow at each change would come to.
/// </summary>
public sealed class JournalWritesTests : IDisposable
{
    /// <summary>A change of a row: a few pages of 4 KiB in the write-ahead log, and those once more when the log is brought into the file.</summary>
    private const long PerChange = 32 << 10;

    private readonly TemporaryDirectory _directory = new();
    private readonly JournalStore _journal;

    public JournalWritesTests() => _journal = JournalStore.Open(Path.Combine(_directory.Path, "journal.db"), TimeProvider.System);

    public void Dispose()
    {
        _journal.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void SaveFlow_OperationsThatMakeVolumes_WritesPerChange()
    {
        Definition definition = VolumesOf(256);
        (FlowRecord flow, Func<long> whole) = Begin(definition);
        long before = Written();
        int changes = 0;
        for (int op = 0; op < definition.Ops.Count; op++) changes += RunOp(flow, op);
        long written = Written() - before;
        Tell(written, whole());
        Assert.InRange(written, 1, changes * PerChange);
        Assert.True(written < whole() / 2, $"{written} of {whole()}");
    }

    [Fact]
    public void SaveFlow_OperationsBesideALargeResult_WriteItOnce()
    {
        const int Ops = 61;
        (FlowRecord flow, Func<long> whole) = Begin(VolumesOf(Ops));
        long before = Written();
        int changes = RunOp(flow, 0);
        var large = new JsonObject { ["r"] = new JsonArray([.. Enumerable.Range(0, 25_000).Select(_ => (JsonNode)new string('x', 160))]) };
        flow.SetResults(0, large);
        for (int op = 1; op < Ops; op++) changes += RunOp(flow, op);
        long written = Written() - before;
        Tell(written, whole());
        long size = large.ToJsonString().Length;
        Assert.InRange(written, size, (size * 5 / 2) + (changes * PerChange)); // to the log, and from there to the file
        Assert.True(written < whole() / 10, $"{written} of {whole()}");
        Assert.Equal(25_000, FlowParts.Read("job", VolumesOf(Ops), _journal.FindFlow("run"))!.OpStates[0].Results!["r"]!.AsArray().Count);
    }

    [Fact]
    public void SaveFlow_ManyPorts_AreWrittenWithTheOperationThatHasThem()
    {
        const int Ops = 60, Ports = 1000 / Ops;
        Definition definition = VolumesOf(Ops);
        (FlowRecord flow, Func<long> whole) = Begin(definition);
        long before = Written();
        int changes = 0;
        for (int op = 0; op < Ops; op++)
        {
            changes += RunOp(flow, op);
            flow.AddEndpoints("job", Enumerable.Range(0, Ports).ToDictionary(port => $"{op}-{port}", port => Endpoint(op, port)), isPrivate: false);
            flow.Show(state => state.Secrets["job"]![$"{op}-0"]!["status"] = "ONLINE"); // what a probe finds out is nobody's after a kill
        }
        long written = Written() - before;
        Tell(written, whole());
        Assert.InRange(written, 1, (changes + Ops) * PerChange);
        Assert.True(written < whole() / 3, $"{written} of {whole()}");
        FlowState read = FlowParts.Read("job", definition, _journal.FindFlow("run"))!;
        Assert.Equal(Ops * Ports, read.Secrets["job"]!.AsObject().Count);
        Assert.Equal("OFFLINE", read.Secrets["job"]!["7-0"]!["status"]!.GetValue<string>());
        Assert.Equal("public", read.Secrets["urlmode"]!.GetValue<string>());
    }

    [Fact]
    public void Finish_AResult_IsWrittenOnceAndNotAgainWithTheRunsPhases()
    {
        var run = new RunRecord { Run = "run", Job = "job", Market = "market", Phase = RunPhase.Ran };
        byte[] result = new byte[16 << 20];
        long before = Written();
        _journal.Finish(run, result);
        _journal.Save(run with { Phase = RunPhase.Published, ResultCid = "Qm" });
        _journal.Close(run);
        Assert.InRange(Written() - before, result.Length, (result.Length * 5 / 2) + (3 * PerChange));
    }

    private static JsonObject Endpoint(int op, int port) => new()
    {
        ["opID"] = $"{op}",
        ["port"] = port,
        ["url"] = $"https://{op}-{port}.node.example",
        ["status"] = "OFFLINE",
    };

    /// <summary>The changes of an operation from its start to its end.</summary>
    private static int RunOp(FlowRecord flow, int op)
    {
        flow.UpdateOp(op, state => (state.Status, state.StartTime) = (FlowStatus.Running, 1));
        flow.UpdateOp(op, state => state.ProviderId = "c0ffee");
        flow.UpdateOp(op, state => (state.Status, state.EndTime, state.ExitCode) = (FlowStatus.Success, 2, 0));
        return 3;
    }

    private static Definition VolumesOf(int count)
    {
        string ops = string.Join(',', Enumerable.Range(0, count).Select(op => $$"""{"type":"container/create-volume","id":"{{op}}","args":{"name":"{{op}}"} }"""));
        return DefinitionLoader.Load(Encoding.UTF8.GetBytes($$"""{"version":"0.1","type":"container","ops":[{{ops}}]}""")).Definition!;
    }

    /// <returns>The flow, and the bytes that all of it at each change would have been.</returns>
    private (FlowRecord Flow, Func<long> Whole) Begin(Definition definition)
    {
        long whole = 0;
        FlowState state = FlowState.Of(definition);
        var flow = new FlowRecord(state, parts =>
        {
            _journal.SaveFlow("run", parts);
            whole += ResultJson.Count(state);
        });
        return (flow, () => whole);
    }

    private static void Tell(long written, long whole) => TestContext.Current.TestOutputHelper?.WriteLine($"{written} bytes written, {whole} in whole flows");

    /// <summary>Bytes that this thread gave to writing calls.</summary>
    private static long Written() => long.Parse(
        File.ReadLines("/proc/thread-self/io").Single(line => line.StartsWith("wchar:", StringComparison.Ordinal)).AsSpan("wchar:".Length), CultureInfo.InvariantCulture);
}
