using Microsoft.Extensions.Logging;
using Nosana.Node.Chain;
using Nosana.Node.Jobs;
using Nosana.Programs.Accounts;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Rpc.Streaming;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Market;

/// <summary>
/// Watches one running job: stops it when its poster ends it or when its time is up, and follows extensions.
/// The deadline is a timer of its own.
/// </summary>
internal sealed partial class JobWatcher(NosanaChain chain, IStreamingRpcClient? stream, PublicKey job, long runTime, JobControl control, TimeProvider time, ILogger<JobWatcher> logger) : IDisposable
{
    public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(4);

    // A timer's longest time is 49 days; a deadline further away is looked at again then.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40);

    private readonly Lock _lock = new();
    private ITimer? _timer;
    private long? _timeout;
    private int _missing;
    private bool _disposed;

    /// <summary>When the job's time is up; null before the first <see cref="Observe"/>.</summary>
    public DateTimeOffset? Deadline
    {
        get { lock (_lock) return _timeout is { } timeout ? DeadlineOf(runTime, timeout) : null; }
    }

    /// <summary>Run time plus timeout, in Unix seconds; nonsense from a stranger ends up at the ends of time.</summary>
    public static DateTimeOffset DeadlineOf(long runTime, long timeout)
    {
        long seconds = Math.Clamp(unchecked(runTime + timeout), long.MinValue, DateTimeOffset.MaxValue.ToUnixTimeSeconds());
        if (timeout > 0 && seconds < runTime) seconds = DateTimeOffset.MaxValue.ToUnixTimeSeconds(); // the sum overflowed
        return DateTimeOffset.FromUnixTimeSeconds(Math.Max(seconds, 0));
    }

    /// <summary>Watches until the token ends. Failures of the chain are waited out: the deadline stands whatever the chain says.</summary>
    public Task WatchAsync(CancellationToken cancel) => new ChainWatch<AccountInfo>(
        "the job's account", async token => Observe(await chain.FindJobAsync(job, token)), () => stream?.SubscribeAccountInfo(job),
        account => Observe(JobAccount.TryDecode(account.Data, out JobAccount? decoded) ? decoded : null), PollInterval, time, logger).RunAsync(cancel);

    /// <param name="account">The job as the chain has it now; null when it is gone.</param>
    public void Observe(JobAccount? account)
    {
        lock (_lock)
        {
            // A node that lags behind may not know the account yet: it counts as closed when two looks in a row miss it.
            _missing = account is null ? _missing + 1 : 0;
            if (_missing == 1) return;
        }
        if (account is null || account.State is JobState.Done or JobState.Stopped)
        {
            if (control.Reason is null) LogEnded(account is null ? "its account was closed" : "its poster ended it");
            control.Stop(StopReason.Stopped);
            return;
        }
        lock (_lock)
        {
            // The program only ever extends: a shorter time is an answer from before that.
            if (_timeout >= account.Timeout) return;
            if (_timeout is not null) LogExtended(account.Timeout);
            _timeout = account.Timeout;
        }
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
            TimeSpan left = DeadlineOf(runTime, _timeout!.Value) - time.GetUtcNow();
            if (left <= TimeSpan.Zero) left = TimeSpan.Zero;
            if (left > LongestTimer) left = LongestTimer;
            _timer ??= time.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(left, Timeout.InfiniteTimeSpan);
        }
    }

    private void OnTimer()
    {
        if (Deadline > time.GetUtcNow())
        {
            Arm();
            return;
        }
        if (control.Reason is null) LogExpired();
        control.Stop(StopReason.Expired);
    }

    [LoggerMessage(410, LogLevel.Information, "The job is to stop: {Why}")]
    private partial void LogEnded(string why);

    [LoggerMessage(411, LogLevel.Information, "The job's timeout is now {Timeout} s")]
    private partial void LogExtended(long timeout);

    [LoggerMessage(412, LogLevel.Information, "The job's time is up")]
    private partial void LogExpired();
}
