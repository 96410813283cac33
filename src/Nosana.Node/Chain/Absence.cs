namespace Nosana.Node.Chain;

/// <summary>
/// Whether something is gone that was on the chain. An index of accounts may run behind the slot that its node tells, and an answer may come from a node
/// that is about to be replaced: only two looks count that both miss it, seconds apart and of different slots.
/// </summary>
internal sealed class Absence(TimeProvider time)
{
    /// <summary>Between the two looks, at least.</summary>
    public static readonly TimeSpan Apart = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private (ulong Slot, long At)? _first;

    /// <summary>A look found it.</summary>
    public void Found()
    {
        lock (_lock) _first = null;
    }

    /// <summary>A look missed it.</summary>
    /// <param name="slot">That the look is of; at or after the one at which it was seen last.</param>
    /// <returns>Whether it is gone.</returns>
    public bool Missed(ulong slot)
    {
        lock (_lock)
        {
            if (_first is { } first) return slot > first.Slot && time.GetElapsedTime(first.At) >= Apart;
            _first = (slot, time.GetTimestamp());
            return false;
        }
    }
}
