using System.Globalization;
using Nosana.JobDefinition.Model;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Resources;
using Nosana.Node.Jobs.Ops;
using Nosana.Node.Jobs.State;

namespace Nosana.Node.Jobs.Hooks;

/// <summary>
/// The operation's remote resources are in volumes before its container is made: shared ones, mounted read-only and kept in the cache
/// while the operation runs, or a copy of the job's own where it may write.
/// </summary>
internal sealed partial class FetchResources(ResourceStore store, JobVolumes volumes, ILogger<FetchResources> logger) : IOpPrestart, IOpStop
{
    private readonly List<ResourceLease> _leases = [];

    public string FailureEvent => OpError.Resource;

    public async Task PrestartAsync(OpContext op, CancellationToken cancel)
    {
        // A container that went on has its volumes, and the engine keeps them as long as it is there.
        if (op.Adopted is not null) return;
        Release();
        var mounts = new List<Engine.Containers.VolumeMount>();
        for (int index = 0; index < op.Args.Resources.Count; index++)
        {
            Resource resource = op.Args.Resources[index];
            var lines = new Lines(logger, resource.Target);
            op.Preparing = () => lines.Said;
            await op.Job.Fetching.WaitAsync(cancel);
            try
            {
                ResourceLease lease = await store.AcquireAsync(resource, lines, StallWatch.LimitOf(op.Job.Request.Timeout), cancel);
                _leases.Add(lease);
                string volume = IsOwn(resource) ? await CopyAsync(op, lease, index, cancel) : lease.VolumeName;
                mounts.Add(MountOf(resource, volume));
            }
            finally
            {
                op.Job.Fetching.Release();
            }
        }
        op.ResourceMounts = mounts;
    }

    /// <summary>Whether the operation gets a copy that it may change.</summary>
    internal static bool IsOwn(Resource resource) => resource is S3Resource { AllowWrite: true };

    /// <summary>How the volume of a resource is mounted.</summary>
    internal static Engine.Containers.VolumeMount MountOf(Resource resource, string volume) =>
        new(volume, resource.Target, ReadOnly: !IsOwn(resource), NoCopy: true);

    public ValueTask StopAsync(OpContext op)
    {
        Release();
        return ValueTask.CompletedTask;
    }

    private void Release()
    {
        foreach (ResourceLease lease in _leases) lease.Dispose();
        _leases.Clear();
    }

    private async Task<string> CopyAsync(OpContext op, ResourceLease lease, int index, CancellationToken cancel)
    {
        string volume = op.Job.ResourceVolumeName(op.Index, index);
        // What an earlier run of the operation wrote, or a copy that was cut, is not the resource.
        await volumes.RemoveAsync(volume, cancel);
        await volumes.EnsureAsync(volume, op.Job.Labels(), cancel);
        await store.CopyAsync(lease, volume, cancel);
        return volume;
    }

    /// <summary>Lines in the log, one at each tenth of a download.</summary>
    private sealed class Lines(ILogger logger, string target) : IProgress<ResourceProgress>
    {
        private int _tenth = -1;
        private ResourceProgress _seen;
        private string? _problem;

        /// <summary>How far it is, for a person.</summary>
        public string Said => string.Create(CultureInfo.InvariantCulture,
            $"the resource for {target} was being fetched, and {_seen.CurrentBytes / 1e6:0.0} of {_seen.TotalBytes / 1e6:0.0} MB had come")
            + (_problem is null ? "" : $" (the last problem: {_problem.TrimEnd('.')})");

        public void Report(ResourceProgress value)
        {
            if (value.Problem is { } problem)
            {
                _problem = problem;
                return;
            }
            _seen = value;
            if (value.TotalBytes == 0) return;
            int tenth = (int)(value.CurrentBytes * 10 / value.TotalBytes);
            if (tenth <= _tenth) return;
            _tenth = tenth;
            LogProgress(logger, target, value.CurrentBytes / 1e6, value.TotalBytes / 1e6, value.FilesDone, value.Files);
        }
    }

    [LoggerMessage(345, LogLevel.Information, "Fetching the resource for {Target}: {Current:0.0} of {Total:0.0} MB, {Done} of {Files} files")]
    private static partial void LogProgress(ILogger logger, string target, double current, double total, int done, int files);
}
