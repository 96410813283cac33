using Nosana.JobDefinition.Model;

namespace Nosana.Node.Exposure;

/// <summary>
/// Watches one exposed port. Start-up: all its probes in order, every 5 s, until all pass at once. Then those marked continuous, every 30 s: the port is
/// offline while one of them fails and online again when all pass.
/// </summary>
/// <param name="port">Of the container.</param>
/// <param name="checks">In the definition's order; none makes a port that is ready at once and whose status stays unknown.</param>
/// <param name="prober">Performs them.</param>
/// <param name="time">The clock of the pauses.</param>
/// <param name="onChange">Is told each change of <see cref="Status"/> with what was seen; called on the watching task, so it should be quick.</param>
/// <param name="onUnready">
/// Is told after <see cref="FirstComplaint"/>, again after twice that and so on, and at the end, how long the port has not become ready, and what the
/// latest probe saw.
/// </param>
/// <param name="onFailed">Is told each continuous check that failed; as quick.</param>
internal sealed class HealthProbe(
    ProbedPort port, IReadOnlyList<HealthCheck> checks, PortProber prober, TimeProvider time,
    Action<EndpointStatus, string>? onChange = null, Action<TimeSpan, string>? onUnready = null, Action<HealthCheck>? onFailed = null)
{
    public static readonly TimeSpan StartupInterval = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan ContinuousInterval = TimeSpan.FromSeconds(30);

    /// <summary>How long a port may take to become ready before anything is said of it.</summary>
    public static readonly TimeSpan FirstComplaint = TimeSpan.FromMinutes(1);

    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile EndpointStatus _status = checks.Count == 0 ? EndpointStatus.Unknown : EndpointStatus.Offline;
    private volatile string _lastDetail = "";

    public EndpointStatus Status => _status;

    /// <summary>What the latest probe saw.</summary>
    public string LastDetail => _lastDetail;

    /// <summary>Completes when the port is ready; is cancelled when watching ends before that.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Watches until the token, or until nothing is left to watch. Ends quietly by its token.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        long began = time.GetTimestamp();
        TimeSpan complaint = FirstComplaint;
        try
        {
            while (await FindFailedAsync(checks, PortProber.StartupLimit, cancellationToken).ConfigureAwait(false) is not null)
            {
                if (time.GetElapsedTime(began) is var waited && waited >= complaint)
                {
                    complaint *= 2;
                    onUnready?.Invoke(waited, _lastDetail);
                }
                await Task.Delay(StartupInterval, time, cancellationToken).ConfigureAwait(false);
            }
            if (checks.Count > 0) Become(EndpointStatus.Online);
            _ready.TrySetResult();

            HealthCheck[] continuous = [.. checks.Where(check => check.Continuous)];
            while (continuous.Length > 0)
            {
                await Task.Delay(ContinuousInterval, time, cancellationToken).ConfigureAwait(false);
                HealthCheck? failed = await FindFailedAsync(continuous, PortProber.ContinuousLimit, cancellationToken).ConfigureAwait(false);
                Become(failed is null ? EndpointStatus.Online : EndpointStatus.Offline);
                if (failed is not null) onFailed?.Invoke(failed);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The operation ended, and with it what there was to watch.
            if (_ready.TrySetCanceled(cancellationToken) && _lastDetail.Length > 0) onUnready?.Invoke(time.GetElapsedTime(began), _lastDetail);
        }
    }

    /// <returns>The first that did not pass; null when all did.</returns>
    private async Task<HealthCheck?> FindFailedAsync(IReadOnlyList<HealthCheck> due, TimeSpan within, CancellationToken cancellationToken)
    {
        foreach (HealthCheck check in due)
        {
            ProbeResult result = await prober.RunAsync(port, check, within, cancellationToken).ConfigureAwait(false);
            _lastDetail = result.Detail;
            if (!result.Passed) return check;
        }
        return null;
    }

    private void Become(EndpointStatus status)
    {
        if (_status == status) return;
        _status = status;
        onChange?.Invoke(status, _lastDetail);
    }
}
