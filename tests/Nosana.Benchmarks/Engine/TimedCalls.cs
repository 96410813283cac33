using System.Diagnostics;
using System.Reflection;

namespace Nosana.Benchmarks.Engine;

/// <summary>Passes the calls of one interface of the engine's client on, and tells a clock how long each took.</summary>
/// <remarks>Not sealed: the runtime derives from it.</remarks>
public class TimedCalls<T> : DispatchProxy where T : class
{
    private T _inner = null!;
    private CallClock _clock = null!;

    internal static T Over(T inner, CallClock clock)
    {
        T proxy = Create<T, TimedCalls<T>>();
        var timed = (TimedCalls<T>)(object)proxy;
        (timed._inner, timed._clock) = (inner, clock);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        long began = Stopwatch.GetTimestamp();
        object? result = targetMethod!.Invoke(_inner, BindingFlags.DoNotWrapExceptions, null, args, null);
        if (result is Task task)
            _ = task.ContinueWith(_ => _clock.Add(targetMethod.Name, Stopwatch.GetElapsedTime(began)), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return result;
    }
}
