using Nosana.Node.Chain;

namespace Nosana.Node.Market;

/// <summary>
/// Runs the slot with the process: at its end the queue is left, and containers of a running job go on to be adopted. A slot that has drained ends the
/// process.
/// </summary>
internal sealed partial class MarketService(
    RunWatcher watcher, MarketWorker worker, WorkIntake intake, IHostApplicationLifetime lifetime, ILogger<MarketService> logger) : BackgroundService
{
    private static readonly TimeSpan LeaveTime = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield(); // the host's start does not wait for the chain
        if (intake.IsDraining) LogStillDraining();
        using var working = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        Task watching = watcher.WatchAsync(working.Token);
        try
        {
            await worker.RunAsync(stoppingToken);
        }
        finally
        {
            await working.CancelAsync();
            await watching;
        }
        using var leave = new CancellationTokenSource(LeaveTime);
        await worker.LeaveAsync(leave.Token);
        intake.Forget();
        if (intake.IsDrained) lifetime.StopApplication();
    }

    [LoggerMessage(417, LogLevel.Warning, "The host was draining when it was killed: it ends with the job that it has. Start it again to take work")]
    private partial void LogStillDraining();
}
