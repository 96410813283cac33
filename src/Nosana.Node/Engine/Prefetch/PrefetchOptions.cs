namespace Nosana.Node.Engine.Prefetch;

/// <summary>How what is wanted is fetched beforehand.</summary>
internal sealed record PrefetchOptions
{
    /// <summary>Further things on the list are left to the jobs that need them.</summary>
    public int MaxItems { get; init; } = 64;

    /// <summary>
    /// When a job comes, what is under way goes on for this long: it is likely what the job needs, and its pull then joins this one instead of
    /// beginning from nothing.
    /// </summary>
    public TimeSpan Handover { get; init; } = TimeSpan.FromSeconds(10);
}
