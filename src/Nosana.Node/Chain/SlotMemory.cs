namespace Nosana.Node.Chain;

/// <summary>
/// The newest slot of the chain that any answer, notification or landed transaction showed. Nothing older is believed afterwards: behind one address may
/// stand several nodes, and one of them tells what its neighbour has not seen yet.
/// </summary>
/// <param name="time">Clock of <see cref="Patience"/>.</param>
/// <param name="logger">Of the host; null for none.</param>
internal sealed partial class SlotMemory(TimeProvider time, ILogger<SlotMemory>? logger = null)
{
    /// <summary>
    /// A slot that no node has reached for so long is not one of this chain, which takes 300 in it: it is forgotten, or nothing could be read again.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Lock _lock = new();
    private ulong? _newest;
    private long? _missedSince;

    /// <summary>The least slot of an answer that is to be believed; null while none was seen.</summary>
    public ulong? Newest
    {
        get { lock (_lock) return _newest; }
    }

    /// <summary>Something was seen as of a slot.</summary>
    public void Saw(ulong slot)
    {
        lock (_lock)
        {
            if (slot < _newest) return;
            _newest = slot;
            _missedSince = null;
        }
    }

    /// <summary>Nodes answered, and none of them has reached a slot.</summary>
    public void Missed(ulong? slot)
    {
        lock (_lock)
        {
            if (slot is null || slot != _newest) return;
            _missedSince ??= time.GetTimestamp();
            if (time.GetElapsedTime(_missedSince.Value) < Patience) return;
            _newest = null;
            _missedSince = null;
        }
        if (logger is not null) LogForgotten(logger, slot.Value, Patience);
    }

    [LoggerMessage(404, LogLevel.Warning, "No node of --rpc has reached slot {Slot} in {Patience}, though one of them showed it: it is not believed any more")]
    private static partial void LogForgotten(ILogger logger, ulong slot, TimeSpan patience);
}
