namespace Nosana.Node.Jobs;

/// <summary>
/// The two ways a running job is interrupted: <see cref="StopToken"/> ends this job, <see cref="AgentExiting"/> leaves its
/// containers running to be adopted. The first reason wins.
/// </summary>
internal sealed class JobControl(CancellationToken agentExiting) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private int _reason = -1;

    public CancellationToken StopToken => _stop.Token;

    public CancellationToken AgentExiting { get; } = agentExiting;

    /// <summary>The reason of the stop; null while the job may run.</summary>
    public StopReason? Reason => Volatile.Read(ref _reason) is var reason and >= 0 ? (StopReason)reason : null;

    public void Stop(StopReason reason)
    {
        if (Interlocked.CompareExchange(ref _reason, (int)reason, -1) != -1) return;
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
