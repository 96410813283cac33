using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;

namespace Nosana.LocalNet.Programs.Pools;

/// <summary>What a pool owes by the clock.</summary>
internal static class PoolClaims
{
    /// <summary>Takes what is due, at most what is there; the pool remembers it as claimed even when nothing is then paid.</summary>
    public static (PoolAccount Pool, ulong Amount) Claim(this PoolAccount pool, ulong available, long now)
    {
        ulong emitted = checked((ulong)(now - pool.StartTime) * pool.Emission);
        ulong amount = Math.Min(checked(emitted - pool.ClaimedTokens), available);
        return (pool with { ClaimedTokens = checked(pool.ClaimedTokens + amount) }, amount);
    }

    /// <summary>By which a pool's vault signs.</summary>
    public static byte[][] VaultSigner(AnchorCall call, DataRule<PoolAccount> pool) =>
        ["vault"u8.ToArray(), pool.Key(call).KeyBytes, [pool.Of(call).VaultBump]];
}
