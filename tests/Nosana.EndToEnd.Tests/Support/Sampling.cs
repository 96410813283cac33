namespace Nosana.EndToEnd.Tests.Support;

/// <summary>Looks at something that the kernel tells of a process only while it runs.</summary>
internal static class Sampling
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Looks again and again, at least once, until the task has ended, however it ends.</summary>
    public static async Task UntilAsync(Task ended, Action look)
    {
        using var ticks = new PeriodicTimer(Interval);
        do look();
        while (!ended.IsCompleted && await ticks.WaitForNextTickAsync());
    }
}
