using Nosana.Node.Chain;

namespace Nosana.Node.Market;

/// <summary>Runs the slot with the process: at its end the queue is left, and containers of a running job go on to be adopted.</summary>
internal sealed class MarketService(RunWatcher watcher, MarketWorker worker) : BackgroundService
{
    private static readonly TimeSpan LeaveTime = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield(); // the host's start does not wait for the chain
        await Task.WhenAll(watcher.WatchAsync(stoppingToken), worker.RunAsync(stoppingToken));
        using var leave = new CancellationTokenSource(LeaveTime);
        await worker.LeaveAsync(leave.Token);
    }
}
