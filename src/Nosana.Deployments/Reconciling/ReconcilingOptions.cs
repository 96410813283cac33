namespace Nosana.Deployments.Reconciling;

/// <summary>How often deployments are looked at, and when trying ends.</summary>
public sealed record ReconcilingOptions
{
    /// <summary>Between two looks at a deployment that has jobs on chain, where nothing calls for one before: what was missed is made good then.</summary>
    public TimeSpan LookInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Between two looks at a deployment that waits for something to be shown, or for a host.</summary>
    public TimeSpan WaitInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Between two looks at the chain for jobs that have changed.</summary>
    public TimeSpan ObserveInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Between two readings of which deployments are due.</summary>
    public TimeSpan WakeInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Between two looks at a vault that could not pay.</summary>
    public TimeSpan FundsInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>After the first refusal; it doubles with each.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A deployment whose listing is refused so often is given up.</summary>
    public int MostListings { get; init; } = 10;

    /// <summary>A job that was there is gone when two looks miss it, so far apart at least: an index of accounts may run behind.</summary>
    public TimeSpan AbsenceApart { get; init; } = TimeSpan.FromSeconds(2);

    internal TimeSpan PauseAfter(int attempts)
    {
        double seconds = FirstPause.TotalSeconds * Math.Pow(2, Math.Clamp(attempts - 1, 0, 20));
        return seconds < LongestPause.TotalSeconds ? TimeSpan.FromSeconds(seconds) : LongestPause;
    }
}
