namespace Nosana.JobDefinition.Results;

/// <summary>
/// What all patterns of one job may take together, whichever of its operations they belong to: there may be thousands of them, and operations may
/// end at once.
/// </summary>
public sealed class ExtractionBudget
{
    /// <summary>Time of the machine, not of a clock: two operations that are looked through at once use twice as much.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private long _spent;

    /// <summary>Not above zero when it is used up.</summary>
    public TimeSpan Left => Limit - TimeSpan.FromTicks(Interlocked.Read(ref _spent));

    public void Spend(TimeSpan time) => Interlocked.Add(ref _spent, time.Ticks);
}
