using Nosana.Node.Chain;

namespace Nosana.Node.Jobs;

/// <summary>
/// When a job's time is up: the start of its run plus its timeout, which its poster may extend. The job is stopped then by a timer of its own,
/// whatever the chain fails to say; but the chain is asked once more, since an extension may have come last.
/// </summary>
/// <param name="runTime">When the run began, Unix seconds by the chain's time.</param>
/// <param name="control">Of the job.</param>
/// <param name="clock">The chain's time: the machine's own may be wrong, be set, or stand still in a suspend.</param>
/// <param name="time">Timers.</param>
/// <param name="logger">The job's.</param>
/// <param name="moved">Told of the deadline, by this machine's clock, and of the timeout in seconds, when it is first known, and at each extension.</param>
internal sealed partial class JobDeadline(
    long runTime, JobControl control, ChainClock clock, TimeProvider time, ILogger<JobDeadline> logger, Action<DateTimeOffset, long>? moved = null)
    : IDisposable
{
    /// <summary>A timer counts the monotonic clock, which a suspend stops: the chain's time is looked at this often.</summary>
    public static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    /// <summary>How long the last look at the chain may take.</summary>
    public static readonly TimeSpan LastLookLimit = TimeSpan.FromSeconds(5);

    /// <summary>Between two looks at a node that is not there yet.</summary>
    private static readonly TimeSpan SlotTime = TimeSpan.FromMilliseconds(400);

    /// <summary>Clocks make no difference so far away, and the end of time plus an offset is none.</summary>
    private static readonly TimeSpan s_aYear = TimeSpan.FromDays(365);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _ended = new();
    private ITimer? _timer;
    private long? _timeout;
    private bool _isLooking;

    /// <summary>
    /// Reads the job once more and observes it: the chain's time of the answer, or null when there is none. Without it the deadline stands by itself.
    /// </summary>
    public Func<CancellationToken, Task<DateTimeOffset?>>? LastLook { get; set; }

    public ChainClock Clock => clock;

    /// <summary>When the job's time is up, by the chain; null while no timeout is known.</summary>
    public DateTimeOffset? At
    {
        get { lock (_lock) return _timeout is { } timeout ? Of(runTime, timeout) : null; }
    }

    /// <summary>The same by this machine's clock.</summary>
    public DateTimeOffset? AtHere => At is { } at && at - clock.UtcNow < s_aYear ? time.GetUtcNow() + (at - clock.UtcNow) : At;

    private bool IsDue => At <= clock.UtcNow;

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
        moved?.Invoke(AtHere!.Value, timeout);
        Arm();
    }

    /// <summary>Whether the time is up, and the chain, asked once more, knows of no extension.</summary>
    public async Task<bool> IsOverAsync(CancellationToken cancel)
    {
        if (!IsDue) return false;
        if (LastLook is not { } look) return true;
        using var limit = new CancellationTokenSource(LastLookLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            // A node that has not seen the end of the time has not seen what came before it either.
            while (await look(either.Token) is { } seen && IsDue && seen < At) await Task.Delay(SlotTime, time, either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            LogNoLastLook();
        }
        return IsDue;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_ended.IsCancellationRequested) return;
            _ended.Cancel();
            _timer?.Dispose();
            _timer = null;
        }
    }

    private void Arm()
    {
        lock (_lock)
        {
            if (_ended.IsCancellationRequested) return;
            TimeSpan left = Of(runTime, _timeout!.Value) - clock.UtcNow;
            if (left < TimeSpan.Zero) left = TimeSpan.Zero;
            if (left > LookInterval) left = LookInterval;
            _timer ??= time.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(left, Timeout.InfiniteTimeSpan);
        }
    }

    private void OnTimer()
    {
        if (!IsDue)
        {
            Arm();
            return;
        }
        lock (_lock)
        {
            if (_isLooking) return;
            _isLooking = true;
        }
        _ = EndAsync();
    }

    private async Task EndAsync()
    {
        bool isOver = true;
        try
        {
            isOver = await IsOverAsync(_ended.Token);
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            return; // the job has ended
        }
        catch (Exception e)
        {
            LogLastLookFailed(e); // whatever it was, the time is up
        }
        lock (_lock) _isLooking = false;
        if (!isOver)
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

    [LoggerMessage(413, LogLevel.Warning, "The chain did not say in time whether the job was extended: its time is up as far as it is known")]
    private partial void LogNoLastLook();

    [LoggerMessage(414, LogLevel.Error, "The last look at the job before its time was up failed by a fault of this program")]
    private partial void LogLastLookFailed(Exception exception);
}
