namespace Nosana.Benchmarks.Engine;

/// <summary>How long calls to the engine took since it was reset, by name, and when each was answered last.</summary>
internal sealed class CallClock
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, TimeSpan> _took = [];
    private readonly Dictionary<string, DateTimeOffset> _answered = [];

    public void Reset()
    {
        lock (_lock) _took.Clear();
    }

    public void Add(string call, TimeSpan took)
    {
        lock (_lock)
        {
            _took[call] = _took.GetValueOrDefault(call) + took;
            _answered[call] = DateTimeOffset.UtcNow;
        }
    }

    public TimeSpan Sum(params ReadOnlySpan<string> calls)
    {
        TimeSpan sum = default;
        lock (_lock)
            foreach (string call in calls) sum += _took.GetValueOrDefault(call);
        return sum;
    }

    public DateTimeOffset LastAnswer(string call)
    {
        lock (_lock) return _answered[call];
    }
}
