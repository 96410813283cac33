using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Programs.Jobs;

/// <summary>The one queue of a market: first in, first out, its type following its content.</summary>
internal static class MarketQueue
{
    /// <summary>Puts an address at the tail. A market of unknown job type takes nothing and says nothing.</summary>
    public static MarketAccount Append(this MarketAccount market, PublicKey address, QueueType type) => market.JobType == JobType.Unknown
        ? market
        : market with { QueueType = market.QueueType == QueueType.Empty ? type : market.QueueType, Queue = [.. market.Queue, address] };

    /// <summary>Takes the head.</summary>
    /// <exception cref="OverflowException">The queue is empty although its type says otherwise: the program panics.</exception>
    public static (MarketAccount Market, PublicKey Head) Pop(this MarketAccount market) => market.Queue.Count == 0
        ? throw new OverflowException("The queue has a type but no entry.")
        : (market.Without(0), market.Queue[0]);

    /// <summary>Takes an address from wherever it stands; null when it is not there.</summary>
    public static MarketAccount? Remove(this MarketAccount market, PublicKey address)
    {
        int index = market.IndexInQueue(address);
        return index < 0 ? null : market.Without(index);
    }

    private static MarketAccount Without(this MarketAccount market, int index)
    {
        PublicKey[] rest = [.. market.Queue.Take(index), .. market.Queue.Skip(index + 1)];
        return market with { Queue = rest, QueueType = rest.Length == 0 ? QueueType.Empty : market.QueueType };
    }
}
