namespace Nosana.Deployments.Reconciling;

/// <summary>
/// Jobs that were there and are missed. An index of accounts may run behind the slot that its node tells: one is gone when two looks miss it, of different
/// slots and some time apart. Forgotten with the process: it is counted anew then.
/// </summary>
internal sealed class Absences(TimeSpan apart)
{
    private const int Most = 100_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (ulong Slot, DateTimeOffset At)> _missed = [];

    public void Found(string job)
    {
        lock (_lock) _missed.Remove(job);
    }

    /// <returns>Whether it is gone.</returns>
    public bool Missed(string job, ulong slot, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_missed.TryGetValue(job, out var first)) return slot > first.Slot && now - first.At >= apart;
            if (_missed.Count >= Most) _missed.Clear();
            _missed[job] = (slot, now);
            return false;
        }
    }
}
