using System.Diagnostics;

namespace Nosana.Testing;

/// <summary>Waits for what happens on another thread: polls a condition, and fails with its description past a generous deadline.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    public static async Task TrueAsync(Func<bool> condition, string what)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(start) > Deadline) throw new TimeoutException($"Did not happen within {Deadline.TotalSeconds} s: {what}");
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Asks again and again until the answer is this one.</summary>
    public static async Task BecomesAsync<T>(Func<Task<T>> ask, T wanted)
    {
        long start = Stopwatch.GetTimestamp();
        for (T last = await ask(); !Equals(last, wanted); last = await ask())
        {
            if (Stopwatch.GetElapsedTime(start) > Deadline) throw new TimeoutException($"Within {Deadline.TotalSeconds} s this did not become '{wanted}': '{last}'");
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }

    public static Task BecomesAsync<T>(Func<T> ask, T wanted) => BecomesAsync(() => Task.FromResult(ask()), wanted);

    /// <summary>Moves the fake clock a step at a time until the task has ended, however it ends.</summary>
    public static Task EndsAsync(Task task, ManualTimeProvider clock, TimeSpan step) => TrueAsync(
        () =>
        {
            if (!task.IsCompleted) clock.Advance(step);
            return task.IsCompleted;
        },
        "the task's end, with the clock moving on");
}
