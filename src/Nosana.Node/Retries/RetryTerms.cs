namespace Nosana.Node.Retries;

/// <summary>How something is tried again: the wait after a failure doubles up to a limit, and progress begins it anew.</summary>
/// <param name="Name">What is tried, for telemetry.</param>
/// <param name="FirstWait">After the first failure.</param>
/// <param name="LongestWait">No wait is longer.</param>
/// <param name="Tries">Failures in a row after which it is given up; null tries for ever.</param>
/// <param name="Patience">It is given up, too, this long after the first try; null for no such limit.</param>
internal sealed record RetryTerms(string Name, TimeSpan FirstWait, TimeSpan LongestWait, int? Tries = null, TimeSpan? Patience = null)
{
    /// <param name="failures">In a row, from 1.</param>
    public TimeSpan WaitAfter(int failures)
    {
        double doubled = FirstWait.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, 40));
        return doubled < LongestWait.TotalMilliseconds ? TimeSpan.FromMilliseconds(doubled) : LongestWait;
    }
}
