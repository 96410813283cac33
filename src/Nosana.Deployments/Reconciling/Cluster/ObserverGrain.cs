using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Nosana.Deployments.Chain;
using Nosana.Deployments.Store;

namespace Nosana.Deployments.Reconciling.Cluster;

/// <inheritdoc cref="IObserverGrain"/>
/// <remarks>
/// Two answers of the chain tell of every job which of them changed: a round costs what changed, not what there is. What is missed, as when this moves to
/// another process, the deployments' own looks make good.
/// </remarks>
internal sealed partial class ObserverGrain(
    IDeploymentChain chain, DeploymentStore store, ReconcilingOptions options, TimeProvider time, IHostApplicationLifetime lifetime,
    ILogger<ObserverGrain> logger)
    : Grain, IObserverGrain
{
    private const int JobsAtOnce = 500;

    private IReadOnlyDictionary<string, string?> _seen = new Dictionary<string, string?>();
    private bool _isLooking;
    private DateTimeOffset _notBefore;

    public async Task ObserveAsync()
    {
        if (_isLooking || time.GetUtcNow() < _notBefore) return;
        _isLooking = true;
        try
        {
            await ObserveAsync(lifetime.ApplicationStopping);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Another process observes on.
        }
        catch (Exception e)
        {
            LogFailed(e.Message);
        }
        finally
        {
            _notBefore = time.GetUtcNow() + options.ObserveInterval;
            _isLooking = false;
        }
    }

    private async Task ObserveAsync(CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, string?> now = await chain.ActiveJobsAsync(cancellationToken);
        string[] changed =
        [
            .. now.Where(job => !_seen.TryGetValue(job.Key, out string? run) || run != job.Value).Select(job => job.Key),
            .. _seen.Keys.Where(job => !now.ContainsKey(job)),
        ];
        foreach (string[] some in changed.Chunk(JobsAtOnce))
        {
            foreach (string deployment in await store.DeploymentsOfAsync(some, cancellationToken))
                await GrainFactory.GetGrain<IDeploymentGrain>(deployment).LookAsync(0);
        }
        // At last: what failed on the way is a change again.
        _seen = now;
    }

    [LoggerMessage(8030, LogLevel.Warning, "The chain's jobs could not be watched; it is tried again: {Problem}")]
    private partial void LogFailed(string problem);
}
