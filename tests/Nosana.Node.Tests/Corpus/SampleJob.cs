using System.Text.Json.Nodes;
using Nosana.JobDefinition.Flow;
using Nosana.JobDefinition.Model;
using Nosana.Node.Jobs;
using Nosana.Node.Jobs.HostNames;
using Nosana.Node.Jobs.Ops;
using Nosana.Node.Jobs.State;
using Nosana.Node.Logs;

namespace Nosana.Node.Tests.Corpus;

/// <summary>A job whose every outside value is fixed: addresses, the slot's GPUs, results of operations. What is made of a definition then never changes.</summary>
internal sealed class SampleJob : IDisposable
{
    public const string Job = "SampleJob";
    private const string Host = "SampleHost";
    private const string Project = "SampleProject";
    private const string Domain = "node.example";

    private readonly string _directory = Directory.CreateTempSubdirectory("nosana-sample-job-").FullName;
    private readonly LogStore _logs;
    private readonly JobContext _job;

    public SampleJob(Definition definition, FlowPlan plan)
    {
        _logs = new LogStore(_directory, new LogOptions());
        var request = new JobRequest
        {
            Job = Job,
            Run = Job,
            Project = Project,
            Host = Host,
            Definition = definition,
            Plan = plan,
            Slot = new JobSlot("sample", ["GPU-0", "GPU-1"]),
            Resume = Remembered(definition),
        };
        _job = new JobContext(request, new FlowRecord(request.Resume, _ => { }), new PortHostNames(request, Domain));
    }

    /// <summary>The operation about to start, all others having ended with their sample results.</summary>
    public OpContext Start(Operation op) => new(_job, op, _logs.OpenOrCreate(Job, op.Id), null);

    public void Dispose()
    {
        _logs.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>Every result one match, <c>OP-RESULT</c>; every private endpoint a name that is not drawn.</summary>
    private static FlowState Remembered(Definition definition)
    {
        var endpoints = new JsonObject();
        foreach (Operation op in definition.Ops)
            foreach (ExposedPort port in JobDefinition.Exposure.Endpoints.StaticPorts(op))
                endpoints[$"private-{op.Index}-{port.Port}"] = new JsonObject { ["opID"] = op.Id, ["port"] = port.Port };
        return new FlowState
        {
            Secrets = new JsonObject { [Job] = endpoints },
            OpStates =
            [
                .. definition.Ops.Select(op => new OpState
                {
                    OperationId = op.Id,
                    Group = op.GroupName,
                    Results = new JsonObject(op.Results.Select(result => KeyValuePair.Create<string, JsonNode?>(result.Name, new JsonArray($"{op.Id}-{result.Name}")))),
                }),
            ],
        };
    }
}
