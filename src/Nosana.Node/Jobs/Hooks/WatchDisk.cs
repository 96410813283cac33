using System.Diagnostics.CodeAnalysis;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Engine.Disk;
using Nosana.Node.Jobs.Ops;

namespace Nosana.Node.Jobs.Hooks;

/// <summary>
/// The operation is stopped once it has filled its disk budget, or fills a disk that has no more than the reserve left: with its container, and with
/// what this agent keeps of its output. Looked at from time to time, since most storage drivers know no quota: a fast writer gets further by what it
/// writes between two looks.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "StopAsync, which always runs, disposes it.")]
internal sealed partial class WatchDisk(DiskMeter meter, EngineDisk disk, HardeningProfile profile, TimeProvider time,
    ILogger<WatchDisk> logger) : IOpPoststart, IOpStop
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>A job that has written no more than this is not why a disk is full; its operations have equal shares in it.</summary>
    private const long Harmless = 256L << 20;

    private readonly CancellationTokenSource _ended = new();
    private PeriodicTimer? _ticks;
    private Task _watching = Task.CompletedTask;
    private IReadOnlySet<string>? _writable;

    public Task PoststartAsync(OpContext op, CancellationToken cancel)
    {
        _ticks = new PeriodicTimer(Interval, time);
        _watching = WatchAsync(op, _ticks, _ended.Token);
        return Task.CompletedTask;
    }

    public async ValueTask StopAsync(OpContext op)
    {
        // The clock first: a cancelled wait for it would look its stack up in the symbols, which takes longer than a short job's end.
        _ticks?.Dispose();
        await _ended.CancelAsync();
        await _watching;
        _ended.Dispose();
    }

    private async Task WatchAsync(OpContext op, PeriodicTimer ticks, CancellationToken cancel)
    {
        try
        {
            while (await ticks.WaitForNextTickAsync(CancellationToken.None))
            {
                try
                {
                    if (await FindFaultAsync(op, cancel) is not { } fault) continue;
                    LogFull(fault);
                    op.StopDetail = fault;
                    op.RequestStop(StopReason.DiskFull);
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

    private async Task<string?> FindFaultAsync(OpContext op, CancellationToken cancel)
    {
        long? free = await disk.FreeBytesAsync(cancel);
        bool isShort = free < profile.DiskReserveBytes;
        // What a container takes is asked only when it matters: the engine counts its files for the answer.
        if (!isShort && profile.DiskBytes is null) return null;
        _writable ??= await meter.WritableVolumesAsync(op.ContainerId!, cancel);
        if (_writable is null || await meter.UsedAsync(op.ContainerId!, op.Job.Request.Job, _writable, cancel) is not { } used) return null;
        used += op.Log.StoredBytes;
        if (used > profile.DiskBytes)
            return $"The operation filled {used} bytes of disk, more than its budget of {profile.DiskBytes} bytes, and was stopped. Write less, "
                + "or ask for a host with more.";
        return isShort && used > Harmless / op.Job.Request.Definition.Ops.Count
            ? $"The operation filled {used} bytes of disk, until {free} bytes were left on this host's, and was stopped. Write less, "
                + "or ask for a host with more."
            : null;
    }

    [LoggerMessage(350, LogLevel.Warning, "Stopping the operation: {Fault}")]
    private partial void LogFull(string fault);

    [LoggerMessage(351, LogLevel.Debug, "Disk use is not known at the moment: {Problem}")]
    private partial void LogUnknown(string problem);
}
