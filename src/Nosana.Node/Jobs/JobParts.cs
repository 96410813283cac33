using Microsoft.Extensions.Logging;
using Nosana.JobDefinition.Model;
using Nosana.Node.Engine;
using Nosana.Node.Exposure;
using Nosana.Node.Jobs.Hooks;
using Nosana.Node.Jobs.State;
using Nosana.Node.Logs;

namespace Nosana.Node.Jobs;

/// <summary>What running jobs takes from the rooms below; one for the whole agent.</summary>
internal sealed class JobParts
{
    private readonly ILogger<OpRunner> _opLogger;
    private readonly ContainerDriver _container;
    private readonly VolumeDriver _volume;
    private readonly IReadOnlyList<IOpHook> _hooks;

    public JobParts(
        ContainerRuntime containers, ImagePuller images, JobNetworks networks, JobVolumes volumes, JobReaper reaper, LogStore logStore,
        ExposureTable exposure, ExposureSettings exposed, HardeningProfile profile, IPullDisplay display, TimeProvider time, ILoggerFactory logs)
    {
        Containers = containers;
        Reaper = reaper;
        LogStore = logStore;
        Exposed = exposed;
        Time = time;
        Logs = logs;
        _opLogger = logs.CreateLogger<OpRunner>();
        _container = new ContainerDriver(containers, profile);
        _volume = new VolumeDriver(volumes);
        _hooks = OpHooks.InOrder(images, display, networks, volumes, containers, exposure, exposed, time, logs);
    }

    public ContainerRuntime Containers { get; }

    public JobReaper Reaper { get; }

    public LogStore LogStore { get; }

    public ExposureSettings Exposed { get; }

    public TimeProvider Time { get; }

    public ILoggerFactory Logs { get; }

    /// <summary>Unix milliseconds, the unit of flow states.</summary>
    public long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();

    public OpRunner CreateOpRunner(OperationType type) => type == OperationType.ContainerCreateVolume
        ? new OpRunner(_volume, [], Time, _opLogger)
        : new OpRunner(_container, _hooks, Time, _opLogger);

    /// <summary>Puts what an operation printed into its state, cut at the official limits.</summary>
    public void AttachLogs(string job, OpState op)
    {
        ResultLogs view = LogStore.OpenOrCreate(job, op.OperationId).ResultView();
        op.Logs = [.. view.Entries.Select(entry => new State.LogEntry(
            LogStreams.Word(entry.Stream), entry.Text, entry.Stream == LogStream.NodeError ? null : entry.Timestamp))];
        op.LogsDropped = view.Dropped is { } dropped ? new LogsDropped(dropped.Lines, dropped.Bytes, dropped.Sha256) : null;
    }
}
