namespace Nosana.LocalNet.Runtime;

/// <summary>The clock sysvar during one transaction.</summary>
/// <param name="Slot">The slot the transaction lands in.</param>
/// <param name="UnixTimestamp">Whole seconds since 1970.</param>
public readonly record struct ClockSnapshot(ulong Slot, long UnixTimestamp);
