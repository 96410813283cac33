using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Nosana.Docker;
using Nosana.JobDefinition;
using Nosana.JobDefinition.Model;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Engine.Disk;
using Nosana.Node.Engine.Egress;
using Nosana.Node.Engine.Resources;
using Nosana.Node.Exposure;
using Nosana.Node.Jobs;
using Nosana.Node.Jobs.HostNames;
using Nosana.Node.Jobs.State;
using Nosana.Node.Journal;
using Nosana.Node.Logs;
using Nosana.Node.Tests.HostManager;
using Nosana.Node.Tests.Logs;
using Nosana.Testing;

namespace Nosana.Node.Tests.Support;

/// <summary>Runs jobs on a <see cref="FakeEngine"/> and keeps what was journaled, as a state directory would.</summary>
internal sealed class JobBench : IDisposable
{
    public const string JobId = "job";

    private readonly JobBench? _before;
    private readonly TemporaryDirectory _logs;
    private readonly CancellationTokenSource _exiting = new();
    private readonly List<JobControl> _controls = [];
    private readonly PortProber _prober;
    private readonly ImageBench _images;
    private readonly ResourceBench _resources;
    private readonly LogStore _logStore;
    private readonly Dictionary<string, FlowPart> _parts = [];
    private readonly ServiceProvider _services;

    /// <param name="before">The bench of an agent that is gone: same engine, clock, state directory.</param>
    /// <param name="profile">What containers may; the default when null.</param>
    /// <param name="mirrors">Where resources are fetched from.</param>
    public JobBench(JobBench? before = null, HardeningProfile? profile = null, params IReadOnlyList<Mirror> mirrors)
    {
        _before = before;
        Clock = before?.Clock ?? new ManualTimeProvider();
        Engine = before?.Engine ?? new FakeEngine(Clock);
        _logs = before?._logs ?? new TemporaryDirectory();
        before?._logStore.Dispose();
        _prober = new PortProber(Clock);
        _images = new ImageBench(Engine, Clock);
        _resources = new ResourceBench(Engine, _images.Journal, _logs.Path, Clock, mirrors);
        _logStore = new LogStore(_logs.Path, new LogOptions(), Clock);
        _services = new ServiceCollection()
            .AddSingleton<ILoggerFactory>(Log)
            .AddLogging()
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton<IEngineClient>(Engine)
            .AddSingleton<ContainerRuntime>()
            .AddSingleton<JobNetworks>()
            .AddSingleton<JobVolumes>()
            .AddSingleton<JobReaper>()
            .AddSingleton<DiskMeter>()
            .AddSingleton(_images.Store)
            .AddSingleton(_resources.Store)
            .AddSingleton(profile ?? new HardeningProfile())
            .AddSingleton(new EgressGuard(Clock, "/nonexistent/marker"))
            .AddSingleton(new EngineDisk(Engine, isHere: true, _ => FreeBytes))
            .AddSingleton(_logStore)
            .AddSingleton(Exposure)
            .AddSingleton(_prober)
            .AddSingleton(new ExposureSettings("localhost", "http", () => null))
            .AddSingleton<IPullDisplay>(new NoPullDisplay())
            .AddSingleton<NetworkControl>(_ => Task.FromResult(HearsOthers))
            .AddJobs(_logs.Path)
            .BuildServiceProvider();
    }

    public ManualTimeProvider Clock { get; }

    public FakeEngine Engine { get; }

    public ExposureTable Exposure { get; } = new();

    /// <summary>What jobs log.</summary>
    public LogLines Log { get; } = new();

    /// <summary>Every state that was journaled, in order.</summary>
    public List<FlowState> Journal { get; } = [];

    /// <summary>Thrown by the journal from now on.</summary>
    public Exception? JournalError { get; set; }

    /// <summary>Where operations get their images.</summary>
    public ImageBench Images => _images;

    /// <summary>Whether anything answers that no definition names.</summary>
    public bool HearsOthers { get; set; } = true;

    /// <summary>What is left on the engine's disk.</summary>
    public long FreeBytes { get; set; } = 100L << 30;

    /// <summary>The control of the newest run.</summary>
    public JobControl Control => _controls[^1];

    /// <summary>Address of the job; where it matters, one that could be on chain.</summary>
    public string Job { get; init; } = JobId;

    public RunningJobs Running => _services.GetRequiredService<RunningJobs>();

    public JobRunnerFactory Runners => _services.GetRequiredService<JobRunnerFactory>();

    public JobResults Results => _services.GetRequiredService<JobResults>();

    public JobContainers Containers => _services.GetRequiredService<JobContainers>();

    public LogStore Logs => _logStore;

    public string LogDirectory => _logs.Path;

    public JobReaper Reaper => _services.GetRequiredService<JobReaper>();

    /// <summary>A runner of the operations (JSON, with commas); not started yet.</summary>
    public JobRunner Runner(string ops, FlowState? resume = null, string more = "", TimeSpan? timeout = null)
    {
        _parts.Clear();
        if (resume is not null) _parts[JournalStore.WholeFlow] = new FlowPart(JournalStore.WholeFlow, ResultJson.Write(resume));
        LoadedDefinition loaded = DefinitionLoader.Load(Encoding.UTF8.GetBytes($$"""{"version":"0.1","type":"container","ops":[{{ops}}]{{more}}}"""));
        Assert.True(loaded.CanRun, string.Join("; ", loaded.Faults));
        var request = new JobRequest
        {
            Job = Job,
            Run = "run",
            Project = "project",
            Host = "host",
            Definition = loaded.Definition,
            Plan = loaded.Plan,
            Slot = new JobSlot("0", []),
            Timeout = timeout,
            Resume = resume,
        };
        _controls.Add(new JobControl(_exiting.Token));
        return Runners.Create(request, Control, parts => Save(loaded.Definition, parts));
    }

    /// <summary>An operation in JSON; members are added to the operation, arguments to its args.</summary>
    public static string Op(string id, string execution = "", string args = "", string members = "") =>
        "{\"type\":\"container/run\",\"id\":\"" + id + "\"" + Comma(members) + ",\"args\":{\"image\":\"busybox\",\"cmd\":\"x\"" + Comma(args) + "},\"execution\":{" + execution + "}}";

    /// <summary>The agent exits: the run ends without touching the containers.</summary>
    public async Task ExitAgentAsync(Task<JobOutcome> run)
    {
        await _exiting.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    /// <summary>What the next agent finds in the journal.</summary>
    public FlowState Restart() => Journal[^1];

    public void Dispose()
    {
        foreach (JobControl control in _controls) control.Dispose();
        _exiting.Dispose();
        _logStore.Dispose();
        _resources.Dispose();
        _images.Dispose();
        _prober.Dispose();
        _services.Dispose();
        if (_before is not null) return;
        _logs.Dispose();
        Engine.Dispose();
    }

    private static string Comma(string json) => json.Length > 0 ? "," + json : "";

    private void Save(Definition definition, IReadOnlyCollection<FlowPart> parts)
    {
        if (JournalError is { } error) throw error;
        lock (Journal)
        {
            foreach (FlowPart part in parts) _parts[part.Name] = part;
            Journal.Add(FlowParts.Read(Job, definition, _parts.Values)!);
        }
    }
}
