namespace Nosana.Solana.Rpc.Http;

/// <summary>A budget of requests: so many a second, so many at once. Waiters are served in order.</summary>
internal sealed class TokenBucket(double perSecond, int burst, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private double _tokens = burst;
    private long _filledAt = time.GetTimestamp();

    public async ValueTask TakeAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            Refill();
            while (_tokens < 1)
            {
                await Task.Delay(TimeSpan.FromSeconds((1 - _tokens) / perSecond) + TimeSpan.FromMilliseconds(1), time, cancellationToken);
                Refill();
            }
            _tokens--;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private void Refill()
    {
        long now = time.GetTimestamp();
        _tokens = Math.Min(burst, _tokens + (time.GetElapsedTime(_filledAt, now).TotalSeconds * perSecond));
        _filledAt = now;
    }
}
