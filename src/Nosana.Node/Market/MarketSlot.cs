using Nosana.Node.Gpus;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Market;

/// <summary>A part of the machine that serves one market.</summary>
/// <param name="Name">Label of what its jobs create.</param>
/// <param name="Gpus">Reads the slot's GPUs as they are now.</param>
/// <param name="AccessKey">Mint of the access key; null in an open market.</param>
internal sealed record MarketSlot(string Name, PublicKey Market, Func<GpuSlotSnapshot> Gpus, PublicKey? AccessKey);
