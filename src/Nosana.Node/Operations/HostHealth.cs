using Nosana.Node.Engine;
using Nosana.Node.Gpus;
using Nosana.Node.Market;

namespace Nosana.Node.Operations;

/// <summary>Whether this machine can serve any job: the engine answers, its disk has room, and the slot's GPUs are all there.</summary>
internal sealed class HostHealth(ContainerRuntime containers, EngineDisk disk, HardeningProfile profile, MarketSlot slot)
{
    public async Task<string?> ProblemAsync(CancellationToken cancel)
    {
        GpuSlotSnapshot gpus = slot.Gpus();
        if (gpus.Sick.Count > 0) return $"the slot's GPUs are not all there: {string.Join("; ", gpus.Sick)}";
        try
        {
            await containers.PingAsync(cancel);
            return await disk.FreeBytesAsync(cancel) is { } free && free < profile.DiskReserveBytes
                ? $"the engine's disk has {free} bytes left, and {profile.DiskReserveBytes} are kept for the machine itself: free space on it"
                : null;
        }
        catch (EngineException e)
        {
            return e.Message;
        }
    }
}
