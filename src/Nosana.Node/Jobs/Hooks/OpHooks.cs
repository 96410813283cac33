using Microsoft.Extensions.Logging;
using Nosana.Node.Logs;

namespace Nosana.Node.Jobs.Hooks;

/// <summary>The order in which hooks act at every moment of a <c>container/run</c>. A fresh set for every run of an operation: hooks keep what they hold.</summary>
internal static class OpHooks
{
    public static IReadOnlyList<IOpHook> InOrder(JobParts parts) =>
    [
        new PullImage(parts.Images, parts.PullDisplay, parts.Time, parts.Logs.CreateLogger<PullImage>()),
        new CheckEgress(parts.Egress, parts.Logs.CreateLogger<CheckEgress>()),
        new JoinNetwork(parts.Networks),
        new MountVolumes(parts.Volumes),
        new FetchResources(parts.Resources, parts.Volumes, parts.Logs.CreateLogger<FetchResources>()),
        // Before the output, which may take a while to drain at the end: a name must not outlive its container.
        new ExposePorts(parts.Containers, parts.Exposure, parts.Exposed, parts.Prober, parts.Time, parts.Logs.CreateLogger<ExposePorts>()),
        new CaptureLogs(parts.Containers, parts.Profile.FollowedBytes, parts.Time, parts.Logs.CreateLogger<LogCapture>()),
        new WatchDisk(parts.Disk, parts.EngineDisk, parts.Profile, parts.Time, parts.Logs.CreateLogger<WatchDisk>()),
        new ExtractResults(parts.Time),
    ];
}
