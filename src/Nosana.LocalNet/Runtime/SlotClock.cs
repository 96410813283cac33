namespace Nosana.LocalNet.Runtime;

/// <summary>Slots of 400 ms since genesis, read off the wall clock; never backwards, even when that clock is set back.</summary>
internal sealed class SlotClock(TimeProvider time, DateTimeOffset genesis)
{
    public static readonly TimeSpan SlotLength = TimeSpan.FromMilliseconds(400);

    private ClockSnapshot _last;

    public DateTimeOffset Genesis { get; } = genesis;

    public ClockSnapshot Read()
    {
        DateTimeOffset now = time.GetUtcNow();
        ulong slot = now <= Genesis ? 1 : (ulong)((now - Genesis).Ticks / SlotLength.Ticks) + 1;
        _last = new ClockSnapshot(Math.Max(slot, _last.Slot), Math.Max(now.ToUnixTimeSeconds(), _last.UnixTimestamp));
        return _last;
    }

    /// <summary>Unix seconds at the start of a slot.</summary>
    public long TimeOf(ulong slot) => (Genesis + SlotLength * (slot == 0 ? 0 : slot - 1)).ToUnixTimeSeconds();
}

/// <summary>The clock sysvar during one transaction.</summary>
/// <param name="Slot">The slot the transaction lands in.</param>
/// <param name="UnixTimestamp">Whole seconds since 1970.</param>
public readonly record struct ClockSnapshot(ulong Slot, long UnixTimestamp);
