namespace Nosana.Node.Exposure.Forwarding;

/// <summary>
/// What is under way through one name, held to its limits. The rate is the generic cell rate algorithm (ITU-T I.371): one number, the time at which
/// the requests so far would have been due, and a second's worth of them may come early.
/// </summary>
internal sealed class RouteLoad
{
    private int _open;
    private long _due;

    /// <summary>Requests and WebSockets under way.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Takes a place, which <see cref="Leave"/> gives back.</summary>
    public RouteAdmission TryEnter(RouteLimits limits, TimeProvider time)
    {
        if (Interlocked.Increment(ref _open) > limits.Connections)
        {
            Leave();
            return RouteAdmission.TooMany;
        }
        if (IsDue(limits, time.GetTimestamp(), time.TimestampFrequency)) return RouteAdmission.Admitted;
        Leave();
        return RouteAdmission.TooFast;
    }

    public void Leave() => Interlocked.Decrement(ref _open);

    /// <param name="limits">The rate.</param>
    /// <param name="now">Timestamp.</param>
    /// <param name="second">A second in the same units.</param>
    private bool IsDue(RouteLimits limits, long now, long second)
    {
        long interval = Math.Max(1, (long)(second / limits.RequestsPerSecond));
        while (true)
        {
            long due = Volatile.Read(ref _due), next = Math.Max(due, now) + interval;
            if (next - now > Math.Max(second, interval)) return false;
            if (Interlocked.CompareExchange(ref _due, next, due) == due) return true;
        }
    }
}

/// <summary>What became of a request at the limits of its name.</summary>
internal enum RouteAdmission
{
    Admitted,

    /// <summary>As many are under way as may be.</summary>
    TooMany,

    /// <summary>More a second than may be.</summary>
    TooFast,
}
