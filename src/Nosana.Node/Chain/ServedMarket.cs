namespace Nosana.Node.Chain;

/// <summary>The market that this host serves now. It changes only while the host is in no queue.</summary>
internal sealed class ServedMarket(MarketMembership first)
{
    private MarketMembership _current = first;

    public MarketMembership Current => Volatile.Read(ref _current);

    public void Change(MarketMembership market) => Volatile.Write(ref _current, market);
}
