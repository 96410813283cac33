using Nosana.Solana.Rpc.Models;

namespace Nosana.Solana.Rpc.Sending;

/// <summary>
/// A recent blockhash for new transactions. It also keeps two equal intents apart: with the same blockhash they would be the same
/// transaction, of which the chain executes one.
/// </summary>
internal sealed class BlockhashCache(IRpcClient rpc, Commitment commitment, TimeSpan maxAge, TimeProvider time) : IDisposable
{
    /// <summary>A slot: the soonest that a new blockhash can appear.</summary>
    private static readonly TimeSpan Slot = TimeSpan.FromMilliseconds(400);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly HashSet<string> _claimed = [];
    private LatestBlockHash? _latest;
    private long _readAt;

    public async Task<LatestBlockHash> GetAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_latest is { } known && time.GetElapsedTime(_readAt) < maxAge) return known;
            return await ReadAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>A blockhash other than this one.</summary>
    public async Task<LatestBlockHash> GetOtherThanAsync(string blockhash, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            while (_latest is null || _latest.Blockhash == blockhash)
            {
                await Task.Delay(Slot, time, cancellationToken);
                await ReadAsync(cancellationToken);
            }
            return _latest;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>False when a transaction with this signature was built before.</summary>
    public bool TryClaim(string signature)
    {
        lock (_claimed) return _claimed.Add(signature);
    }

    public void Dispose() => _turn.Dispose();

    private async Task<LatestBlockHash> ReadAsync(CancellationToken cancellationToken)
    {
        LatestBlockHash latest = (await rpc.GetLatestBlockHashAsync(commitment, cancellationToken)).Value;
        // A signature covers the blockhash: those made with an older one cannot come up again.
        if (_latest?.Blockhash != latest.Blockhash) lock (_claimed) _claimed.Clear();
        _readAt = time.GetTimestamp();
        return _latest = latest;
    }
}
