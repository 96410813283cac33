using Nosana.Node.Chain;
using Nosana.Node.Gpus;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Market;

/// <summary>A part of the machine that serves one market.</summary>
internal sealed class MarketSlot(ServedMarket served, ISlotGpus gpus)
{
    /// <summary>Label of what its jobs create.</summary>
    public string Name { get; init; } = "0";

    public PublicKey Market => served.Current.Market;

    /// <summary>The slot's GPUs as they are now.</summary>
    public GpuSlotSnapshot Gpus() => gpus.Read();
}
