using Nosana.Testing;

namespace Nosana.Solana.Tests;

/// <summary>Waits for what another thread brings about.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    /// <summary>Polls a condition; fails when it does not come true.</summary>
    public static async Task TrueAsync(Func<bool> condition, string what)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Deadline) throw new TimeoutException($"Not within {Deadline.TotalSeconds} s: {what}.");
            await Task.Delay(Pause);
        }
    }

    /// <summary>Moves the clock in small steps whenever the code under test waits for it, until the task ends. Only for code that waits for nothing but the clock.</summary>
    public static async Task<T> AdvanceUntilAsync<T>(this ManualTimeProvider time, TimeSpan step, Task<T> task)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (!task.IsCompleted)
        {
            if (TimeProvider.System.GetElapsedTime(started) > Deadline) throw new TimeoutException($"The task did not end within {Deadline.TotalSeconds} s.");
            if (time.ActiveTimers > 0) time.Advance(step);
            await Task.Yield();
        }
        return await task;
    }
}
