using Nosana.Solana.Rpc;

namespace Nosana.Node.Chain;

/// <summary>
/// The chain's time, by which jobs are billed and end. It is measured off the Clock sysvar and goes on by the monotonic clock, so that neither a step of
/// this machine's clock nor a suspend moves a deadline.
/// </summary>
internal sealed partial class ChainClock(NosanaChain chain, TimeProvider time, ILogger<ChainClock> logger)
{
    /// <summary>How often it is measured.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>How often it is looked whether this machine's clock was set, or stood still in a suspend: then it is measured at once.</summary>
    public static readonly TimeSpan StepInterval = TimeSpan.FromSeconds(5);

    /// <summary>Beyond this offset the host takes no work: something is wrong with the machine.</summary>
    public static readonly TimeSpan LargestOffset = TimeSpan.FromSeconds(30);

    /// <summary>The sysvar has whole seconds, and validators agree on them to a second or so: within this, this machine's clock is the better one.</summary>
    private static readonly TimeSpan Grain = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    /// <summary>Whoever answers may be behind, so each measurement is the least that the chain's time can be: the highest of so many counts.</summary>
    private const int Kept = 5;

    private readonly Lock _lock = new();
    private readonly Queue<TimeSpan> _measured = [];
    private readonly long _origin = time.GetTimestamp();
    private TimeSpan _atOrigin = time.GetUtcNow() - DateTimeOffset.UnixEpoch;
    private (DateTimeOffset Utc, TimeSpan Elapsed) _lastLook = (time.GetUtcNow(), TimeSpan.Zero);
    private bool _isFar;

    /// <summary>The chain's time now.</summary>
    public DateTimeOffset UtcNow
    {
        get { lock (_lock) return DateTimeOffset.UnixEpoch + _atOrigin + Elapsed; }
    }

    /// <summary>How far the chain's time is ahead of this machine's clock; null before it was measured.</summary>
    public TimeSpan? Offset
    {
        get { lock (_lock) return _measured.Count == 0 ? null : DateTimeOffset.UnixEpoch + _atOrigin + Elapsed - time.GetUtcNow(); }
    }

    /// <summary>Why this host takes no work, for people; null when its clock is right or not measured.</summary>
    public string? Problem => Offset is { } offset && offset.Duration() > LargestOffset
        ? $"this machine's clock is {offset.Duration().TotalSeconds:0} s {(offset < TimeSpan.Zero ? "ahead of" : "behind")} the chain's: set it right "
            + "(timedatectl set-ntp true)"
        : null;

    private TimeSpan Elapsed => time.GetElapsedTime(_origin);

    /// <summary>Measures until the token ends.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var ticks = new PeriodicTimer(StepInterval, time);
        long measured = time.GetTimestamp();
        bool due = Offset is null;
        do
        {
            if (LooksStepped()) due = true;
            if (!due && time.GetElapsedTime(measured) < Interval) continue;
            due = !await TryMeasureAsync(cancel);
            measured = time.GetTimestamp();
        }
        while (await TicksAsync(ticks, cancel));
    }

    /// <summary>Measures once.</summary>
    /// <returns>Whether the chain answered.</returns>
    public async Task<bool> TryMeasureAsync(CancellationToken cancel)
    {
        try
        {
            Observe((await chain.LookAtClockAsync(cancel)).Value);
            return true;
        }
        catch (Exception e) when (e is RpcException or RpcUnavailableException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            LogNotMeasured(e.Message); // the last measurement goes on by the monotonic clock
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Takes the chain's time from an answer that has just come.</summary>
    public void Observe(DateTimeOffset chainTime)
    {
        TimeSpan offset;
        bool isFirst;
        lock (_lock)
        {
            TimeSpan ours = time.GetUtcNow() - DateTimeOffset.UnixEpoch - Elapsed;
            _measured.Enqueue(chainTime - DateTimeOffset.UnixEpoch - Elapsed);
            isFirst = _measured.Count == 1;
            if (_measured.Count > Kept) _measured.Dequeue();
            TimeSpan best = _measured.Max();
            offset = best - ours;
            _atOrigin = offset.Duration() <= Grain ? ours : best;
        }
        if (isFirst) LogMeasured(offset.TotalSeconds);
        bool isFar = offset.Duration() > LargestOffset;
        if (isFar && !_isFar) LogFar(Problem ?? "");
        if (!isFar && _isFar) LogRight();
        _isFar = isFar;
    }

    /// <summary>Whether this machine's clock and the monotonic one have gone on differently since the last look.</summary>
    private bool LooksStepped()
    {
        lock (_lock)
        {
            (DateTimeOffset utc, TimeSpan elapsed) = _lastLook;
            _lastLook = (time.GetUtcNow(), Elapsed);
            TimeSpan step = _lastLook.Utc - utc - (_lastLook.Elapsed - elapsed);
            if (step.Duration() <= Step) return false;
            LogStepped(step.TotalSeconds);
            return true;
        }
    }

    private static async Task<bool> TicksAsync(PeriodicTimer ticks, CancellationToken cancel)
    {
        try
        {
            return await ticks.WaitForNextTickAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            return false; // the host stops
        }
    }

    [LoggerMessage(405, LogLevel.Information, "The chain's time is {Seconds:0.#} s ahead of this machine's clock")]
    private partial void LogMeasured(double seconds);

    [LoggerMessage(406, LogLevel.Warning, "No new jobs: {Problem}. Jobs that run end by the chain's time")]
    private partial void LogFar(string problem);

    [LoggerMessage(407, LogLevel.Information, "This machine's clock is right again")]
    private partial void LogRight();

    [LoggerMessage(408, LogLevel.Warning, "This machine's clock was moved by {Seconds:0} s, or it was suspended: the chain's time is measured anew")]
    private partial void LogStepped(double seconds);

    [LoggerMessage(409, LogLevel.Debug, "The chain's time could not be measured: {Problem}")]
    private partial void LogNotMeasured(string problem);
}

/// <summary>Measures the chain's time while the host runs. Before it takes work, once, with the newest slot of all nodes.</summary>
internal sealed class ChainClockService(NosanaChain chain, ChainClock clock, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan FirstLimit = TimeSpan.FromSeconds(10);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(FirstLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        await chain.CatchUpAsync(cancellationToken);
        await clock.TryMeasureAsync(either.Token);
        await base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => clock.RunAsync(stoppingToken);
}
