using Nosana.Node.Engine;
using Nosana.Node.Gpus;
using Nosana.Node.Market;

namespace Nosana.Node.Operations;

/// <summary>Whether this machine can serve any job: the engine answers, and the slot's GPUs are all there.</summary>
internal sealed class HostHealth(ContainerRuntime containers, MarketSlot slot)
{
    public async Task<string?> ProblemAsync(CancellationToken cancel)
    {
        GpuSlotSnapshot gpus = slot.Gpus();
        if (gpus.Sick.Count > 0) return $"the slot's GPUs are not all there: {string.Join("; ", gpus.Sick)}";
        try
        {
            await containers.PingAsync(cancel);
            return null;
        }
        catch (EngineException e)
        {
            return e.Message;
        }
    }
}
