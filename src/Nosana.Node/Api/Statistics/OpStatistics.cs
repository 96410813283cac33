namespace Nosana.Node.Api.Statistics;

/// <summary>What an operation used: the busiest moment of each five seconds, for a day.</summary>
internal sealed class OpStatistics(string op, int capacity)
{
    /// <summary>Of each so long the moment is kept in which the CPUs were busiest.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    /// <summary>A day of windows.</summary>
    public const int DayOfWindows = 24 * 60 * 60 / 5;

    private readonly Lock _lock = new();
    private readonly Queue<TaskStatistic> _kept = [];
    private TaskStatistic _newest;
    private TaskStatistic? _busiest;
    private long _windowStart;

    public string Op { get; } = op;

    /// <summary>When it was first heard of; null before.</summary>
    public long? First { get; private set; }

    public void Add(TaskStatistic statistic)
    {
        lock (_lock)
        {
            First ??= statistic.Time;
            if (_busiest is { } busiest && statistic.Time - _windowStart >= Window.TotalMilliseconds)
            {
                Keep(busiest);
                _busiest = null;
            }
            if (_busiest is null) _windowStart = statistic.Time;
            if (_busiest is not { } best || statistic.Cpu > best.Cpu) _busiest = statistic;
        }
    }

    /// <summary>The container has ended: what its last window has is all that it will have.</summary>
    public void EndWindow()
    {
        lock (_lock)
        {
            if (_busiest is { } busiest) Keep(busiest);
            _busiest = null;
        }
    }

    /// <summary>From a moment to another, both inclusive, oldest first and at least so far apart.</summary>
    public IReadOnlyList<TaskStatistic> Read(double from, double to, TimeSpan apart)
    {
        var found = new List<TaskStatistic>();
        lock (_lock)
        {
            foreach (TaskStatistic one in _kept)
                if (one.Time >= from && one.Time <= to && (found.Count == 0 || one.Time - found[^1].Time >= apart.TotalMilliseconds)) found.Add(one);
        }
        return found;
    }

    /// <summary>The newest that is newer than a moment.</summary>
    public TaskStatistic? Newest(long after)
    {
        lock (_lock) return _kept.Count > 0 && _newest.Time > after ? _newest : null;
    }

    private void Keep(TaskStatistic statistic)
    {
        if (_kept.Count == capacity) _kept.Dequeue();
        _kept.Enqueue(statistic);
        _newest = statistic;
    }
}
