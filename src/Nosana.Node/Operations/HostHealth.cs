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
    EgressGuard egress, Funds funds, HostDemands demands, ChainClock clock, TimeProvider time) : IHostHealth
{
    /// <summary>All that the engine is asked here takes it milliseconds. With the wait between two looks, a hanging one is found out within 20 s.</summary>
    public static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(8);

    public async Task<string?> ProblemAsync(CancellationToken cancel)
    {
        if (outbox.Problem is { } owed) return owed;
        if (await funds.ProblemAsync(cancel) is { } poor) return poor;
        if (state.FindProblem() is { } full) return full;
        if (demands.Egress && egress.Read().Problem is { } open) return $"{open} This host serves nobody without them (--require-egress).";
        GpuSlotSnapshot gpus = slot.Read();
        if (gpus.Sick.Count > 0) return $"the slot's GPUs are not all there: {string.Join("; ", gpus.Sick)}";
        if (clock.Problem is { } wrong) return wrong;
        using var limit = new CancellationTokenSource(LongestLook, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            await containers.PingAsync(either.Token);
            if (!await IsDiskShortAsync(either.Token)) return null;
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
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            return $"the container engine has not answered for {LongestLook.TotalSeconds:0} s: it hangs, or the machine is overloaded. Look at its log";
        }
    }

    private async Task<bool> IsDiskShortAsync(CancellationToken cancel) => await disk.FreeBytesAsync(cancel) < profile.DiskReserveBytes;
}

/// <summary>What the operator wants to be so before this host serves anybody.</summary>
/// <param name="Egress">The egress rules are in place.</param>
internal sealed record HostDemands(bool Egress);
