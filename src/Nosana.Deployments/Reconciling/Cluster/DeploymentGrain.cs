using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Nosana.Deployments.Reconciling.Cluster;

/// <inheritdoc cref="IDeploymentGrain"/>
/// <param name="reconciler">Of this process.</param>
/// <param name="options">When a look that failed is tried again.</param>
/// <param name="time">The time.</param>
/// <param name="lifetime">A look ends with the process.</param>
/// <param name="logger">Of this process.</param>
internal sealed partial class DeploymentGrain(
    DeploymentReconciler reconciler, ReconcilingOptions options, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<DeploymentGrain> logger)
    : Grain, IDeploymentGrain
{
    /// <summary>A look that another writer overtakes again and again leaves the rest to the next due time.</summary>
    private const int MostLooks = 50;

    private bool _isLooking, _isAskedAgain;
    private long _served;
    private int _failures;
    private DateTimeOffset _notBefore;

    // Calls interleave on one thread at a time: no lock is needed between two awaits.
    public async Task LookAsync(long due)
    {
        if (_isLooking)
        {
            _isAskedAgain |= due != _served;
            return;
        }
        if ((due != 0 && due == _served) || time.GetUtcNow() < _notBefore) return;
        _isLooking = true;
        try
        {
            _served = due;
            await LookAsync(lifetime.ApplicationStopping);
            (_failures, _notBefore) = (0, default);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // What is written down is gone on with elsewhere, or after the next start.
            _served = 0;
        }
        catch (Exception e)
        {
            // No answer from a node or the database, most of the time: whatever it was, this deployment is tried again, and no other waits for it.
            _served = 0;
            _notBefore = time.GetUtcNow() + options.PauseAfter(++_failures);
            LogFailed(this.GetPrimaryKeyString(), _failures, e);
        }
        finally
        {
            _isLooking = false;
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        for (int looks = 0; looks < MostLooks; looks++)
        {
            _isAskedAgain = false;
            PassResult result = await reconciler.LookAsync(this.GetPrimaryKeyString(), cancellationToken);
            if (result == PassResult.Unknown) DeactivateOnIdle();
            if (result is PassResult.Done or PassResult.Unknown && !_isAskedAgain) return;
        }
        _served = 0;
    }

    [LoggerMessage(8010, LogLevel.Warning, "Deployment {Deployment}: looking at it failed ({Failures} in a row); it is tried again")]
    private partial void LogFailed(string deployment, int failures, Exception e);
}
