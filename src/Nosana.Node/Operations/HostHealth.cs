using Nosana.Node.Chain;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Engine.Disk;
using Nosana.Node.Engine.Egress;
using Nosana.Node.Engine.Images;
using Nosana.Node.Gpus;
using Nosana.Node.Market;

namespace Nosana.Node.Operations;

/// <summary>
/// Whether this machine can serve any job: the engine answers, its disk and the agent's have room, the slot's GPUs are all there, no result is owed,
/// and tenants are kept off the machine's networks where the operator demands it.
/// </summary>
internal sealed class HostHealth(
    ContainerRuntime containers, EngineDisk disk, ImageStore images, HardeningProfile profile, ISlotGpus slot, SettlementOutbox outbox, StateKeeper state,
    EgressGuard egress, Funds funds, HostDemands demands, ChainClock clock) : IHostHealth
{
    public async Task<string?> ProblemAsync(CancellationToken cancel)
    {
        if (outbox.Problem is { } owed) return owed;
        if (await funds.ProblemAsync(cancel) is { } poor) return poor;
        if (state.FindProblem() is { } full) return full;
        if (demands.Egress && egress.Read().Problem is { } open) return $"{open} This host serves nobody without them (--require-egress).";
        GpuSlotSnapshot gpus = slot.Read();
        if (gpus.Sick.Count > 0) return $"the slot's GPUs are not all there: {string.Join("; ", gpus.Sick)}";
        if (clock.Problem is { } wrong) return wrong;
        try
        {
            if (!await containers.AnswersAsync(cancel))
                return $"the container engine has said nothing for {ContainerRuntime.LongestSilence.TotalSeconds:0} s: it hangs, or the machine is overloaded. "
                    + "Look at its log";
            await containers.PingAsync(cancel);
            if (!await IsDiskShortAsync(cancel)) return null;
            // The image of the last job, for one, which nobody needs any more.
            await images.TrimAsync(cancel);
            return await IsDiskShortAsync(cancel)
                ? $"the engine's disk has less than the {profile.DiskReserveBytes} bytes left that are kept for the machine itself: free space on it"
                : null;
        }
        catch (EngineException e)
        {
            return e.Message;
        }
    }

    private async Task<bool> IsDiskShortAsync(CancellationToken cancel) => await disk.FreeBytesAsync(cancel) < profile.DiskReserveBytes;
}

/// <summary>What the operator wants to be so before this host serves anybody.</summary>
/// <param name="Egress">The egress rules are in place.</param>
internal sealed record HostDemands(bool Egress);
