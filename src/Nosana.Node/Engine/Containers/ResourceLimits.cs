namespace Nosana.Node.Engine.Containers;

/// <summary>What of the machine one container of the slot may use; null is the default.</summary>
/// <param name="MemoryBytes">Default: the engine's memory less <see cref="MemoryReserve"/>.</param>
/// <param name="Cpus">Default: all.</param>
/// <param name="DiskBytes">Default: no limit but <see cref="HardeningProfile.DiskReserveBytes"/>.</param>
internal sealed record ResourceLimits(long? MemoryBytes = null, decimal? Cpus = null, long? DiskBytes = null)
{
    /// <summary>Left to the agent, the engine and the machine.</summary>
    public const long MemoryReserve = 1L << 30;

    /// <summary>A smaller log of the engine's would lose lines of any program that prints fast.</summary>
    private const long LeastLogBytes = 16L << 20;

    private const decimal Billion = 1_000_000_000;

    /// <summary>Storage drivers that keep a container's layer to a size wherever they run; overlay2 does so on some file systems only.</summary>
    private static readonly HashSet<string> DriversWithQuota = ["btrfs", "zfs"];

    public HardeningProfile Of(EngineStatus engine, HardeningProfile profile)
    {
        // A machine so small that the reserve were most of it keeps half.
        long memory = MemoryBytes ?? Math.Max(engine.MemoryBytes - MemoryReserve, engine.MemoryBytes / 2);
        return profile with
        {
            MemoryBytes = memory,
            NanoCpus = Cpus is { } cpus ? (long)(cpus * Billion) : null,
            DiskBytes = DiskBytes,
            // The engine's own log of a container lies on the same disk.
            LogBytes = DiskBytes is { } disk ? Math.Clamp(disk / 8, LeastLogBytes, profile.LogBytes) : profile.LogBytes,
            StorageBytes = DriversWithQuota.Contains(engine.StorageDriver) ? DiskBytes : null,
            GpuInjection = engine.GpuInjection,
            FollowsLogs = !engine.IsPodman,
        };
    }

    /// <summary>Every value that the engine would refuse: the setting, and what is wrong with it.</summary>
    public IEnumerable<(string Setting, string Fault)> FaultsOn(EngineStatus engine)
    {
        if (MemoryBytes > engine.MemoryBytes) yield return ("memory", $"asks for {MemoryBytes} bytes; the engine has {engine.MemoryBytes}.");
        if (Cpus > engine.Cpus) yield return ("cpus", $"asks for {Cpus} CPUs; the engine has {engine.Cpus}.");
    }
}
