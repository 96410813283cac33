using System.Text;
using System.Text.Json.Nodes;
using Nosana.JobDefinition;
using Nosana.JobDefinition.Model;
using Nosana.Node.Jobs.State;
using Nosana.Node.Journal;

namespace Nosana.Node.Tests.Jobs.State;

/// <summary>A flow that was journaled part by part is the same flow.</summary>
public sealed class FlowPartsTests
{
    private const string Job = "job";

    private readonly Definition _definition = DefinitionLoader.Load(Encoding.UTF8.GetBytes(
        """{"version":"0.1","type":"container","ops":[{"type":"container/run","id":"a","args":{"image":"i"}},{"type":"container/run","id":"b","args":{"image":"i"}}]}""")).Definition!;

    private readonly Dictionary<string, FlowPart> _stored = [];
    private readonly List<string> _written = [];

    [Fact]
    public void Read_Nothing_IsNoFlow() => Assert.Null(FlowParts.Read(Job, _definition, []));

    [Fact]
    public void Read_EveryKindOfChange_IsTheStateThatWasChanged()
    {
        FlowState state = FlowState.Of(_definition);
        FlowRecord record = Record(state);
        record.Update(flow => (flow.Status, flow.StartTime) = (FlowStatus.Running, 1));
        record.UpdateOp(0, op =>
        {
            (op.Status, op.StartTime, op.ProviderId) = (FlowStatus.Running, 2, "c0ffee");
            op.Errors.Add(new OpError(OpError.Operation, "an error", 500));
        });
        record.SetResults(0, new JsonObject { ["r"] = new JsonArray("match", null) });
        record.UpdateOp(0, op => (op.Status, op.EndTime, op.ExitCode) = (FlowStatus.Failed, 3, 7));
        record.AddEndpoints(Job, new Dictionary<string, JsonObject> { ["x"] = new() { ["opID"] = "a", ["port"] = 80, ["status"] = "OFFLINE" } }, isPrivate: true);
        Assert.Equal(["flow", "op/0", "results/0", "op/0", "flow", "endpoint/x"], _written);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(ResultJson.Write(state)), JsonNode.Parse(ResultJson.Write(Read()))));
        Assert.Equal(FlowStatus.Init, Read().OpStates[1].Status);
    }

    [Fact]
    public void Read_EndpointThatAnswered_IsOfflineUntilItIsFoundOut()
    {
        FlowState state = FlowState.Of(_definition);
        FlowRecord record = Record(state);
        record.AddEndpoints(Job, new Dictionary<string, JsonObject> { ["x"] = new() { ["opID"] = "a", ["port"] = 80, ["status"] = "UNKNOWN" } }, isPrivate: false);
        record.Show(flow => flow.EndpointsOf(Job)["x"]!["status"] = "ONLINE");
        Assert.Equal("OFFLINE", Read().EndpointsOf(Job)["x"]!["status"]!.GetValue<string>());
        Assert.Equal(["flow", "endpoint/x"], _written);
    }

    [Fact]
    public void Read_FlowOfAnEarlierVersion_IsTakenUpWithWhatChangedSince()
    {
        FlowState old = FlowState.Of(_definition);
        (old.Status, old.StartTime, old.OpStates[0].ProviderId, old.OpStates[1].Status) = (FlowStatus.Running, 1, "c0ffee", FlowStatus.Success);
        old.EndpointsOf(Job)["x"] = new JsonObject { ["opID"] = "a", ["port"] = 80 };
        _stored[JournalStore.WholeFlow] = new FlowPart(JournalStore.WholeFlow, ResultJson.Write(old));
        Record(Read()).UpdateOp(0, op => op.ExitCode = 3);
        FlowState read = Read();
        Assert.Equal((FlowStatus.Running, 1, "c0ffee", 3, FlowStatus.Success),
            (read.Status, read.StartTime!.Value, read.OpStates[0].ProviderId, read.OpStates[0].ExitCode!.Value, read.OpStates[1].Status));
        Assert.True(read.EndpointsOf(Job).ContainsKey("x"));
    }

    private FlowRecord Record(FlowState state) => new(state, parts =>
    {
        foreach (FlowPart part in parts)
        {
            _stored[part.Name] = part;
            _written.Add(part.Name);
        }
    });

    private FlowState Read() => FlowParts.Read(Job, _definition, [.. _stored.Values])!;
}
