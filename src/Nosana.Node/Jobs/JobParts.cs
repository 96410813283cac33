using Microsoft.Extensions.Logging;
using Nosana.JobDefinition.Model;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Engine.Disk;
using Nosana.Node.Engine.Egress;
using Nosana.Node.Engine.Images;
using Nosana.Node.Engine.Resources;
using Nosana.Node.Exposure;
using Nosana.Node.Jobs.Hooks;
using Nosana.Node.Jobs.HostNames;
using Nosana.Node.Jobs.Ops;
using Nosana.Node.Jobs.State;
using Nosana.Node.Logs;

namespace Nosana.Node.Jobs;

/// <summary>What running jobs takes from the rooms below; one for the whole agent.</summary>
internal sealed record JobParts(
    ContainerRuntime Containers,
    ImageStore Images,
    JobNetworks Networks,
    JobVolumes Volumes,
    ResourceStore Resources,
    JobReaper Reaper,
    HardeningProfile Profile,
    EgressGuard Egress,
    DiskMeter Disk,
    EngineDisk EngineDisk,
    LogStore LogStore,
    ExposureTable Exposure,
    PortProber Prober,
    ExposureSettings Exposed,
    IPullDisplay PullDisplay,
    TimeProvider Time,
    ILoggerFactory Logs)
{
    /// <summary>Unix milliseconds, the unit of flow states.</summary>
    public long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();

    public OpRunner CreateOpRunner(OperationType type) => type == OperationType.ContainerCreateVolume
        ? new OpRunner(new VolumeDriver(Volumes), [], Time, Logs.CreateLogger<OpRunner>())
        : new OpRunner(new ContainerDriver(Containers, Profile), OpHooks.InOrder(this), Time, Logs.CreateLogger<OpRunner>());

    /// <summary>Puts what an operation printed into its state, cut at the official limits.</summary>
    public void AttachLogs(string job, OpState op)
    {
        ResultLogs view = LogStore.OpenOrCreate(job, op.OperationId).ResultView();
        op.Logs = [.. view.Entries.Select(entry => new State.LogEntry(entry.Stream.ToName(), entry.Text, entry.Stream == LogStream.NodeError ? null : entry.Timestamp))];
        op.LogsDropped = view.Dropped is { } dropped ? new LogsDropped(dropped.Lines, dropped.Bytes, dropped.Sha256) : null;
    }
}
