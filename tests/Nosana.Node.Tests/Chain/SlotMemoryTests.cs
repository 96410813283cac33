using Nosana.Node.Chain;
using Nosana.Testing;

namespace Nosana.Node.Tests.Chain;

public sealed class SlotMemoryTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly SlotMemory _slots;

    public SlotMemoryTests() => _slots = new SlotMemory(_clock);

    [Fact]
    public void Saw_OlderSlot_TheNewestStays()
    {
        Assert.Null(_slots.Newest);
        _slots.Saw(5);
        _slots.Saw(4);
        Assert.Equal(5UL, _slots.Newest);
    }

    [Fact]
    public void Missed_ForMinutes_ASlotOfAnotherChainIsForgotten()
    {
        _slots.Saw(1_000_000);
        _slots.Missed(1_000_000);
        _clock.Advance(SlotMemory.Patience - TimeSpan.FromSeconds(1));
        _slots.Missed(1_000_000);
        Assert.NotNull(_slots.Newest);
        _clock.Advance(TimeSpan.FromSeconds(1));
        _slots.Missed(1_000_000);
        Assert.Null(_slots.Newest);
    }

    [Fact]
    public void Missed_ReachedInBetween_IsKept()
    {
        _slots.Saw(5);
        _slots.Missed(5);
        _clock.Advance(SlotMemory.Patience);
        _slots.Saw(5);
        _slots.Missed(5);
        Assert.Equal(5UL, _slots.Newest);
    }
}
