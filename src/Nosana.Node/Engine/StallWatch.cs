namespace Nosana.Node.Engine;

/// <summary>
/// Notices when something that comes from a stranger does not get on. Less than <see cref="LeastBytesPerSecond"/> over a while is no progress:
/// who holds a host with a byte now and then holds it for nothing.
/// </summary>
internal sealed class StallWatch : IDisposable
{
    public const long LeastBytesPerSecond = 100_000;

    /// <summary>Nothing may stand still for longer.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private readonly CancellationTokenSource _stalled = new();
    private readonly ITimer _timer;
    private readonly long _enough;
    private bool _wasIdle;
    private long _bytes;

    /// <param name="limit">See <see cref="LimitOf"/>.</param>
    /// <param name="time">Its clock.</param>
    public StallWatch(TimeSpan limit, TimeProvider time)
    {
        Limit = limit;
        // Five minutes are looked at together, or half of what there is: it stands still when two in a row have brought nothing.
        TimeSpan window = limit / 2;
        _enough = (long)(window.TotalSeconds * LeastBytesPerSecond);
        _timer = time.CreateTimer(_ => Look(), null, window, window);
    }

    public TimeSpan Limit { get; }

    /// <summary>Cancelled when it stands still.</summary>
    public CancellationToken Stalled => _stalled.Token;

    /// <summary>What the latest try has met, in the words of messages; null while none has failed.</summary>
    public string? LastProblem
    {
        get;
        set
        {
            field = value;
            if (value is not null) Troubled?.Invoke(value);
        }
    }

    /// <summary>Told of every <see cref="LastProblem"/>.</summary>
    public Action<string>? Troubled { get; init; }

    /// <param name="jobTimeout">What the job was paid for; null where there is no limit.</param>
    /// <returns>How long what it asks for may stand still: a quarter of its time, and <see cref="Longest"/> at most.</returns>
    public static TimeSpan LimitOf(TimeSpan? jobTimeout) => jobTimeout / 4 is { } quarter && quarter < Longest ? quarter : Longest;

    /// <param name="bytes">That came; negative when some were thrown away.</param>
    public void Received(long bytes) => Interlocked.Add(ref _bytes, bytes);

    public void Dispose()
    {
        _timer.Dispose();
        _stalled.Dispose();
    }

    private void Look()
    {
        bool isIdle = Interlocked.Exchange(ref _bytes, 0) < _enough;
        if (isIdle && _wasIdle)
        {
            try
            {
                _stalled.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It has ended in this moment: there is nothing left to stop.
            }
        }
        _wasIdle = isIdle;
    }
}
