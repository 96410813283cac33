using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Nosana.Deployments.Store;

namespace Nosana.Deployments.Reconciling.Cluster;

/// <summary>
/// Reads which deployments are due and calls them, wherever in the cluster they are. The rows are the truth: what a process that died had called is called
/// by the others, and a call too many does nothing.
/// </summary>
internal sealed partial class DueWaker(DeploymentStore store, IGrainFactory grains, ReconcilingOptions options, TimeProvider time, ILogger<DueWaker> logger)
    : BackgroundService
{
    private const int RowsAtOnce = 1000;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.WakeInterval, time);
        do
        {
            try
            {
                await grains.GetGrain<IObserverGrain>(0).ObserveAsync();
                await WakeAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // The database is away, or the cluster forms anew: the rows stay due.
                LogFailed(e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task WakeAsync(CancellationToken cancellationToken)
    {
        DueDeployment? last = null;
        while (true)
        {
            IReadOnlyList<DueDeployment> due = await store.DueAsync(time.GetUtcNow(), last, RowsAtOnce, cancellationToken);
            await Task.WhenAll(due.Select(one => grains.GetGrain<IDeploymentGrain>(one.Id).LookAsync(one.At.ToUnixTimeMilliseconds())));
            if (due.Count < RowsAtOnce) return;
            last = due[^1];
        }
    }

    [LoggerMessage(8020, LogLevel.Warning, "Which deployments are due could not be read; it is tried again")]
    private partial void LogFailed(Exception e);
}
