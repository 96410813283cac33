namespace Nosana.Node.Jobs;

/// <summary>
/// When a job's time is up: the start of its run plus its timeout, which its poster may extend. The job is stopped then by a timer of its own,
/// whatever the chain says or fails to say.
/// </summary>
/// <param name="runTime">When the run began, Unix seconds.</param>
/// <param name="control">Of the job.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The job's.</param>
/// <param name="moved">Told of the deadline when it is first known, and at each extension.</param>
internal sealed partial class JobDeadline(
    long runTime, JobControl control, TimeProvider time, ILogger<JobDeadline> logger, Action<DateTimeOffset>? moved = null) : IDisposable
{
    // A timer's longest time is 49 days; a deadline further away is looked at again then.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40);

    private readonly Lock _lock = new();
    private ITimer? _timer;
    private long? _timeout;
    private bool _disposed;

    /// <summary>When the job's time is up; null while no timeout is known.</summary>
    public DateTimeOffset? At
    {
        get { lock (_lock) return _timeout is { } timeout ? Of(runTime, timeout) : null; }
    }

    /// <summary>Run time plus timeout, in Unix seconds; nonsense from a stranger ends up at the ends of time.</summary>
    public static DateTimeOffset Of(long runTime, long timeout)
    {
        long seconds = Math.Clamp(unchecked(runTime + timeout), long.MinValue, DateTimeOffset.MaxValue.ToUnixTimeSeconds());
        if (timeout > 0 && seconds < runTime) seconds = DateTimeOffset.MaxValue.ToUnixTimeSeconds(); // the sum overflowed
        return DateTimeOffset.FromUnixTimeSeconds(Math.Max(seconds, 0));
    }

    /// <summary>
    /// Takes the job's timeout as the chain has it now, in seconds. The program only ever extends: a shorter one is an answer from before that.
    /// </summary>
    public void Observe(long timeout)
    {
        lock (_lock)
        {
            if (_timeout >= timeout) return;
            if (_timeout is not null) LogExtended(timeout);
            _timeout = timeout;
        }
        moved?.Invoke(Of(runTime, timeout));
        Arm();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _timer?.Dispose();
            _timer = null;
        }
    }

    private void Arm()
    {
        lock (_lock)
        {
            if (_disposed) return;
            TimeSpan left = Of(runTime, _timeout!.Value) - time.GetUtcNow();
            if (left <= TimeSpan.Zero) left = TimeSpan.Zero;
            if (left > LongestTimer) left = LongestTimer;
            _timer ??= time.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(left, Timeout.InfiniteTimeSpan);
        }
    }

    private void OnTimer()
    {
        if (At > time.GetUtcNow())
        {
            Arm();
            return;
        }
        if (control.Reason is null) LogExpired();
        control.Stop(StopReason.Expired);
    }

    [LoggerMessage(411, LogLevel.Information, "The job's timeout is now {Timeout} s")]
    private partial void LogExtended(long timeout);

    [LoggerMessage(412, LogLevel.Information, "The job's time is up")]
    private partial void LogExpired();
}
