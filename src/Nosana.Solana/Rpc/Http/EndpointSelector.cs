namespace Nosana.Solana.Rpc.Http;

/// <summary>Stays with a node that answers, moves on from one that does not, and comes back to the first after a while.</summary>
internal sealed class EndpointSelector(IReadOnlyList<Uri> endpoints, TimeSpan returnToFirstAfter, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly DateTimeOffset[] _notBefore = new DateTimeOffset[endpoints.Count];
    private int _current;
    private long _movedAt;

    public Uri Current
    {
        get { lock (_lock) return endpoints[_current]; }
    }

    /// <summary>The node for the next attempt and how long it asked to be left alone.</summary>
    public (int Index, Uri Endpoint, TimeSpan Wait) Pick()
    {
        lock (_lock)
        {
            DateTimeOffset now = time.GetUtcNow();
            if (_current != 0 && time.GetElapsedTime(_movedAt) >= returnToFirstAfter && _notBefore[0] <= now) _current = 0;
            TimeSpan wait = _notBefore[_current] - now;
            return (_current, endpoints[_current], wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
        }
    }

    /// <summary>Moves on, unless another call has done so already.</summary>
    public void Failed(int index, TimeSpan leaveAloneFor)
    {
        lock (_lock)
        {
            DateTimeOffset until = time.GetUtcNow() + leaveAloneFor;
            if (until > _notBefore[index]) _notBefore[index] = until;
            if (index != _current || endpoints.Count == 1) return;
            _current = Enumerable.Range(1, endpoints.Count - 1)
                .Select(step => (index + step) % endpoints.Count).MinBy(candidate => _notBefore[candidate] > time.GetUtcNow());
            _movedAt = time.GetTimestamp();
        }
    }
}
