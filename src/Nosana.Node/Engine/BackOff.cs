namespace Nosana.Node.Engine;

/// <summary>Waits between tries, each twice as long as the one before, up to a limit.</summary>
internal sealed class BackOff(TimeSpan first, TimeSpan limit, TimeProvider time)
{
    /// <summary>How long an engine that is away is waited for where it matters: an upgrade of it takes less.</summary>
    public static readonly TimeSpan EnginePatience = TimeSpan.FromMinutes(1);

    private TimeSpan? _next;

    /// <summary>Waits that have been made since the start or the last <see cref="Reset"/>.</summary>
    public int Waits { get; private set; }

    /// <summary>The waits for an engine that went away.</summary>
    public static BackOff ForEngine(TimeProvider time) => new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5), time);

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
