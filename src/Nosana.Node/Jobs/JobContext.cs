using System.Collections.Concurrent;
using Nosana.JobDefinition.Exposure;
using Nosana.JobDefinition.Model;
using Nosana.JobDefinition.Placeholders;
using Nosana.JobDefinition.Results;
using Nosana.Node.Engine;
using Nosana.Node.Jobs.HostNames;
using Nosana.Node.Jobs.Ops;
using Nosana.Node.Jobs.State;

namespace Nosana.Node.Jobs;

/// <summary>What all operations of one job share.</summary>
internal sealed class JobContext(JobRequest request, FlowRecord flow, PortHostNames names)
{
    private const int MaxFetching = 2;

    // What an earlier agent made has been made once.
    private readonly ConcurrentDictionary<string, int> _volumesMade = new(MadeBefore(request), StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, string> _addresses = [];
    private int _looksAtEgress;

    public JobRequest Request { get; } = request;

    public FlowRecord Flow { get; } = flow;

    /// <summary>Host names of the job's exposed ports.</summary>
    public PortHostNames Names { get; } = names;

    /// <summary>Resources that are fetched at once: what is known of each while it is fetched is in memory.</summary>
    public SemaphoreSlim Fetching { get; } = new(MaxFetching);

    /// <summary>What patterns of the job's results may take, all operations together.</summary>
    public ExtractionBudget Extraction { get; } = new();

    /// <summary>What may still be extracted from the output of operations.</summary>
    public ResultRoom Results { get; } = new();

    /// <summary>How many ports its operations may still expose.</summary>
    public PortRoom Ports { get; } = new(request.Job, request.Resume);

    /// <summary>The network that its containers are on; null before the first of them.</summary>
    public string? Network { get; set; }

    public string ContainerName(int opIndex) => $"{Request.Job}-{opIndex}";

    public string VolumeName(string name) => $"{Request.Job}-{name}";

    /// <summary>A named volume was made, for the how-manieth time.</summary>
    public int CountMaking(string volume) => _volumesMade.AddOrUpdate(volume, 1, static (_, made) => made + 1);

    /// <summary>Whether any operation asks for the address of another's container.</summary>
    public bool AsksForAddresses { get; } = request.Definition.Ops.Any(op => op.Args.Utf8Json.Span.IndexOf("container_ip"u8) >= 0);

    /// <summary>Where an operation's container is in the job's network; kept when it has ended.</summary>
    public void NoteAddress(int opIndex, string address) => _addresses[opIndex] = address;

    /// <summary>The job's own copy of a resource. A dot, so that no volume that the definition names is the same.</summary>
    public string ResourceVolumeName(int opIndex, int index) => $"{Request.Job}.{opIndex}.{index}";

    /// <summary>True once a job: what is to be said of the egress rules is said with its first operation.</summary>
    public bool IsFirstLookAtEgress() => Interlocked.Increment(ref _looksAtEgress) == 1;

    /// <summary>Labels by which everything of the job is found again, also after the journal is lost.</summary>
    public Dictionary<string, string> Labels() => EngineLabels.Of(Request.Job, Request.Run, Request.Slot.Name, Request.Host);

    /// <summary>What placeholders stand for now: results appear once their operation has ended.</summary>
    public PlaceholderScope Scope()
    {
        Definition definition = Request.Definition;
        return new PlaceholderScope
        {
            Job = Request.Job,
            Host = Request.Host,
            Project = Request.Project,
            FrpsAddress = Names.Domain,
            Version = AgentVersion.Text,
            Variables = definition.Global?.Variables ?? new Dictionary<string, string>(),
            Ops = Flow.Read(state => definition.Ops.ToDictionary(op => op.Id, op => new OperationValues
            {
                Host = op.Type == OperationType.ContainerRun ? ContainerName(op.Index) : VolumeHost(op),
                Endpoints = Endpoints.StaticPorts(op).Select(port => port.Port).Distinct()
                    .ToDictionary(port => port.ToString(System.Globalization.CultureInfo.InvariantCulture), port => Names.ForPort(op, port)),
                DeploymentEndpoint = Names.ForDeployment(op),
                ContainerIp = _addresses.GetValueOrDefault(op.Index),
                Results = OpResults.Read(state.OpStates[op.Index].Results),
            })),
        };
    }

    private static IEnumerable<KeyValuePair<string, int>> MadeBefore(JobRequest request) => request.Resume is not { } resume ? []
        : request.Definition.Ops.Where(op => op.Args.VolumeName is not null && resume.OpStates[op.Index].Status == FlowStatus.Success)
            .Select(op => op.Args.VolumeName!).Distinct().Select(name => KeyValuePair.Create(name, 1));

    // The official host names a created volume where a container's name would stand.
    private string VolumeHost(Operation op) => op.Args.VolumeName is { } name ? $"{VolumeName(name)}-{op.Index}" : ContainerName(op.Index);
}
