using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Nosana.Node.Engine;

namespace Nosana.Node.Jobs.Hooks;

/// <summary>
/// The operation is stopped once it has filled its disk budget. Looked at from time to time, since most storage drivers know no quota: a
/// fast writer gets beyond the budget by what it writes between two looks.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "StopAsync, which always runs, disposes it.")]
internal sealed partial class WatchDisk(DiskMeter meter, HardeningProfile profile, TimeProvider time, ILogger<WatchDisk> logger) : IOpPoststart, IOpStop
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _ended = new();
    private Task _watching = Task.CompletedTask;

    public Task PoststartAsync(OpContext op, CancellationToken cancel)
    {
        if (profile.DiskBytes is { } budget) _watching = WatchAsync(op, budget, _ended.Token);
        return Task.CompletedTask;
    }

    public async ValueTask StopAsync(OpContext op)
    {
        await _ended.CancelAsync();
        await _watching;
        _ended.Dispose();
    }

    private async Task WatchAsync(OpContext op, long budget, CancellationToken cancel)
    {
        using var ticks = new PeriodicTimer(Interval, time);
        try
        {
            while (await ticks.WaitForNextTickAsync(cancel))
            {
                try
                {
                    if (await meter.LayerAsync(op.ContainerId!, cancel) is not { } used) return;
                    if (op.Args.Volumes.Count > 0) used += await meter.VolumesAsync(op.Job.Request.Job, cancel);
                    if (used <= budget) continue;
                    LogFull(used, budget);
                    op.StopDetail = $"The operation filled {used} bytes of disk, more than its budget of {budget} bytes, and was stopped. Write less, or ask for a host with more.";
                    op.RequestStop(OpStop.DiskFull);
                    return;
                }
                catch (EngineException e)
                {
                    // The engine is busy or away: the next look will tell.
                    LogUnknown(e.Message);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The operation has ended.
        }
    }

    [LoggerMessage(350, LogLevel.Warning, "The operation filled {Used} bytes of disk and its budget is {Budget}; stopping it")]
    private partial void LogFull(long used, long budget);

    [LoggerMessage(351, LogLevel.Debug, "Disk use is not known at the moment: {Problem}")]
    private partial void LogUnknown(string problem);
}
