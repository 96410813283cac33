using System.Diagnostics.CodeAnalysis;

namespace Nosana.Node.Market;

/// <summary>What a host does while it waits for a job.</summary>
/// <param name="idle">Cancelled the moment a job comes.</param>
/// <param name="exiting">Cancelled when the agent exits.</param>
internal delegate Task IdleTask(CancellationToken idle, CancellationToken exiting);

/// <summary>Does the idle work while the slot waits in the queue, and ends it when a job comes. Its methods are called one at a time.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Sources without timers: nothing is to be freed.")]
internal sealed partial class IdleTaskRunner(ILogger<IdleTaskRunner> logger, IdleTask? work = null)
{
    private readonly CancellationTokenSource _exiting = new();
    private CancellationTokenSource? _idle;
    private Task _working = Task.CompletedTask;

    /// <summary>The host waits; nothing new when it did already.</summary>
    public void Begin()
    {
        if (work is null || _idle is not null) return;
        _idle = new CancellationTokenSource();
        // What the last job interrupted may not have ended yet.
        _working = WorkAsync(work, _working, _idle.Token);
    }

    /// <summary>A job has come, or the queue is left. Does not wait for the work's end.</summary>
    public void End()
    {
        _idle?.Cancel();
        _idle = null;
    }

    /// <summary>The agent exits: ends the work and waits for that.</summary>
    public async Task StopAsync()
    {
        await _exiting.CancelAsync();
        End();
        await _working;
    }

    private async Task WorkAsync(IdleTask idleWork, Task before, CancellationToken idle)
    {
        await before;
        await Task.Yield();
        try
        {
            await idleWork(idle, _exiting.Token);
        }
        catch (OperationCanceledException) when (idle.IsCancellationRequested || _exiting.IsCancellationRequested)
        {
            // The job comes first.
        }
        catch (Exception e)
        {
            LogBroken(e); // jobs do not need it; the next idle time begins it anew
        }
    }

    [LoggerMessage(478, LogLevel.Error, "Work for idle time failed by a fault of this program; jobs are served without it")]
    private partial void LogBroken(Exception exception);
}
