namespace Nosana.Node.HostManager;

/// <summary>Tells the host manager that this host is alive, as often as it wants to know. Failing changes nothing: a host works without it.</summary>
internal sealed partial class HeartbeatService(HostManagerClient client, TimeProvider time, ILogger<HeartbeatService> logger) : BackgroundService
{
    private HostManagerFault? _fault;
    private long _nextBeat;

    /// <summary>When the next beat is due; the past while one is being sent.</summary>
    public DateTimeOffset NextBeat => new(Interlocked.Read(ref _nextBeat), TimeSpan.Zero);

    /// <summary>One beat; logs the first of a row of failures, and its end.</summary>
    /// <returns>Most beats a day that the service wants; null when it did not say.</returns>
    public async Task<double?> BeatAsync(CancellationToken cancel)
    {
        try
        {
            double? perDay = await client.HeartbeatAsync(cancel);
            if (_fault is not null) LogRecovered();
            _fault = null;
            return perDay;
        }
        catch (HostManagerException e)
        {
            if (_fault != e.Fault) LogFailing(e.Message);
            else LogStillFailing(e.Message);
            _fault = e.Fault;
            return null;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield(); // the host's start does not wait for the first beat
        var schedule = new HeartbeatSchedule(time.GetUtcNow());
        try
        {
            while (true)
            {
                schedule.Beaten(time.GetUtcNow(), await BeatAsync(stoppingToken));
                Interlocked.Exchange(ref _nextBeat, schedule.Due.UtcTicks);
                TimeSpan wait = schedule.Due - time.GetUtcNow();
                if (wait > TimeSpan.Zero) await Task.Delay(wait, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // the agent exits
        }
    }

    [LoggerMessage(490, LogLevel.Warning, "{Problem}. The host works on without heartbeats; they go on being sent")]
    private partial void LogFailing(string problem);

    [LoggerMessage(491, LogLevel.Debug, "{Problem}")]
    private partial void LogStillFailing(string problem);

    [LoggerMessage(492, LogLevel.Information, "Heartbeats reach the host manager again")]
    private partial void LogRecovered();
}
