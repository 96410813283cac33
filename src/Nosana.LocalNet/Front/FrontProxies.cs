namespace Nosana.LocalNet.Front;

/// <summary>Which host names are served, and by which tunnel.</summary>
public sealed class FrontProxies
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, FrontProxy> _byName = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unhealthy = new(StringComparer.Ordinal);
    private readonly List<FrontEvent> _history = [];
    private int _turn;

    /// <summary>Told under the lock, in order.</summary>
    internal event Action<FrontEvent>? Happened;

    public IReadOnlyList<FrontProxy> All
    {
        get { lock (_lock) return [.. _byName.Values]; }
    }

    /// <summary>Everything that has happened, in order.</summary>
    public IReadOnlyList<FrontEvent> History
    {
        get { lock (_lock) return [.. _history]; }
    }

    internal void Register(FrontProxy proxy)
    {
        lock (_lock)
        {
            _byName[proxy.Name] = proxy;
            _unhealthy.Remove(proxy.Name);
            Tell(new FrontEvent(FrontEvent.Registered, proxy, null));
        }
    }

    /// <summary>A tunnel has ended.</summary>
    internal void Unregister(FrontTunnel tunnel, string reason)
    {
        lock (_lock)
        {
            foreach (FrontProxy proxy in _byName.Values.Where(proxy => proxy.Tunnel == tunnel).ToArray())
            {
                _byName.Remove(proxy.Name);
                if (!_unhealthy.Remove(proxy.Name)) Tell(new FrontEvent(FrontEvent.Unregistered, proxy, reason));
            }
        }
    }

    /// <summary>A tunnel's own check of what is behind a proxy: while it fails, no request goes there.</summary>
    internal void SetHealth(FrontTunnel tunnel, string name, bool isHealthy)
    {
        lock (_lock)
        {
            if (!_byName.TryGetValue(name, out FrontProxy? proxy) || proxy.Tunnel != tunnel) return;
            if (isHealthy ? !_unhealthy.Remove(name) : !_unhealthy.Add(name)) return;
            Tell(isHealthy ? new FrontEvent(FrontEvent.Registered, proxy, null) : new FrontEvent(FrontEvent.Unregistered, proxy, FrontEvent.Unhealthy));
        }
    }

    /// <summary>Who serves a host name: of several, each in turn.</summary>
    internal FrontProxy? Find(string kind, string host)
    {
        lock (_lock)
        {
            bool serves(FrontProxy proxy) =>
                proxy.Kind == kind && proxy.Host.Equals(host, StringComparison.OrdinalIgnoreCase) && !_unhealthy.Contains(proxy.Name);
            FrontProxy[] serving = [.. _byName.Values.Where(serves)];
            return serving.Length == 0 ? null : serving[_turn++ % serving.Length];
        }
    }

    /// <summary>What is served now, as if it had just been registered, and whatever happens from then on.</summary>
    internal IDisposable Follow(Action<FrontEvent> follower)
    {
        lock (_lock)
        {
            foreach (FrontProxy proxy in _byName.Values.Where(proxy => !_unhealthy.Contains(proxy.Name)))
                follower(new FrontEvent(FrontEvent.Registered, proxy, null));
            Happened += follower;
        }
        return new Following(this, follower);
    }

    private void Tell(FrontEvent @event)
    {
        _history.Add(@event);
        Happened?.Invoke(@event);
    }

    private sealed class Following(FrontProxies proxies, Action<FrontEvent> follower) : IDisposable
    {
        public void Dispose()
        {
            lock (proxies._lock) proxies.Happened -= follower;
        }
    }
}
