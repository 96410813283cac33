namespace Nosana.Node.HostManager;

/// <summary>
/// When the next heartbeat is due. Small delays do not add up, since the next target counts from the last target; a long one is not caught
/// up: two beats are never closer than half an interval.
/// </summary>
internal sealed class HeartbeatSchedule(DateTimeOffset first)
{
    public static readonly TimeSpan FirstInterval = TimeSpan.FromSeconds(30);

    /// <summary>However many a day a service asks for.</summary>
    public static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(10);

    private const int SecondsADay = 86_400;

    public DateTimeOffset Due { get; private set; } = first;

    public TimeSpan Interval { get; private set; } = FirstInterval;

    /// <summary>A beat has ended, however it ended.</summary>
    /// <param name="perDay">What the service said; null leaves the interval.</param>
    public void Beaten(DateTimeOffset now, double? perDay)
    {
        if (perDay is >= 1 and { } most) Interval = TimeSpan.FromSeconds(Math.Max(Math.Floor(SecondsADay / most), ShortestInterval.TotalSeconds));
        DateTimeOffset next = Due + Interval;
        Due = next < now + Interval / 2 ? now + Interval : next;
    }
}
