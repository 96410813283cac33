namespace Nosana.Solana.Rpc;

/// <summary>Waits that double up to a cap, less a random half.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan cap, Func<double> random)
{
    /// <param name="round">From 0.</param>
    public TimeSpan Next(int round)
    {
        double full = Math.Min(cap.TotalMilliseconds, first.TotalMilliseconds * Math.Pow(2, Math.Min(round, 30)));
        return TimeSpan.FromMilliseconds(full * (0.5 + (0.5 * random())));
    }
}
