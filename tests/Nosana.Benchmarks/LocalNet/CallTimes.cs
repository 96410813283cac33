using System.Diagnostics;

namespace Nosana.Benchmarks.LocalNet;

/// <summary>How long calls took, by name.</summary>
internal sealed class CallTimes
{
    private readonly Dictionary<string, List<double>> _microseconds = [];

    public IEnumerable<string> Calls => _microseconds.Keys;

    public void Add(string call, TimeSpan time)
    {
        if (!_microseconds.TryGetValue(call, out List<double>? times)) _microseconds[call] = times = [];
        times.Add(time.TotalMicroseconds);
    }

    public double MedianMicroseconds(string call)
    {
        List<double> sorted = [.. _microseconds[call].Order()];
        return sorted[sorted.Count / 2];
    }

    /// <summary>Measures one call; without a place to keep the time, only makes it.</summary>
    public static async Task<T> MeasureAsync<T>(CallTimes? times, string call, Func<Task<T>> action)
    {
        long began = Stopwatch.GetTimestamp();
        T result = await action();
        times?.Add(call, Stopwatch.GetElapsedTime(began));
        return result;
    }
}
