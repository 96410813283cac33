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
    /// <param name="refusing">Nodes that will not serve the call; not all of them.</param>
    public (int Index, Uri Endpoint, TimeSpan Wait) Pick(IReadOnlySet<int> refusing)
    {
        lock (_lock)
        {
            DateTimeOffset now = time.GetUtcNow();
            if (_current != 0 && time.GetElapsedTime(_movedAt) >= returnToFirstAfter && _notBefore[0] <= now) _current = 0;
            int index = refusing.Contains(_current) ? After(_current, refusing, now) : _current;
            TimeSpan wait = _notBefore[index] - now;
            return (index, endpoints[index], wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
        }
    }

    /// <summary>Moves on, unless another call has done so already.</summary>
    public void Failed(int index, TimeSpan leaveAloneFor, IReadOnlySet<int> refusing)
    {
        lock (_lock)
        {
            DateTimeOffset now = time.GetUtcNow();
            if (now + leaveAloneFor > _notBefore[index]) _notBefore[index] = now + leaveAloneFor;
            if (index != _current || endpoints.Count == 1) return;
            _current = After(index, refusing, now);
            _movedAt = time.GetTimestamp();
        }
    }

    /// <summary>The next node that may be asked now, else the next.</summary>
    private int After(int index, IReadOnlySet<int> refusing, DateTimeOffset now) => Enumerable.Range(1, endpoints.Count - 1)
        .Select(step => (index + step) % endpoints.Count)
        .OrderBy(refusing.Contains).ThenBy(candidate => _notBefore[candidate] > now).First();
}
