namespace Nosana.Node.Engine;

/// <summary>Waits between tries, each twice as long as the one before, up to a limit.</summary>
internal sealed class BackOff(TimeSpan first, TimeSpan limit, TimeProvider time)
{
    private TimeSpan? _next;

    /// <summary>Waits that have been made since the start or the last <see cref="Reset"/>.</summary>
    public int Waits { get; private set; }

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        TimeSpan delay = _next ?? first;
        Waits++;
        _next = delay * 2 < limit ? delay * 2 : limit;
        await Task.Delay(delay, time, cancellationToken);
    }

    public void Reset()
    {
        Waits = 0;
        _next = null;
    }
}
