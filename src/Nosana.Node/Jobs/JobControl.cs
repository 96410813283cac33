namespace Nosana.Node.Jobs;

/// <summary>
/// The two ways a running job is interrupted: <see cref="StopToken"/> ends this job, <see cref="AgentExiting"/> leaves its
/// containers running to be adopted. The first reason wins.
/// </summary>
internal sealed class JobControl(CancellationToken agentExiting) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private StopReason? _reason;

    public CancellationToken StopToken => _stop.Token;

    public CancellationToken AgentExiting { get; } = agentExiting;

    /// <summary>The reason of the stop; null while the job may run.</summary>
    public StopReason? Reason => Volatile.Read(ref _reason);

    /// <param name="reason">One that <see cref="StopReason.EndsJob"/>.</param>
    public void Stop(StopReason reason)
    {
        if (!reason.EndsJob) throw new ArgumentException($"'{reason}' ends an operation, not a job.", nameof(reason));
        if (Interlocked.CompareExchange(ref _reason, reason, null) is not null) return;
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // A deadline that fired while the job ended: there is nothing left to stop.
        }
    }

    public void Dispose() => _stop.Dispose();
}
