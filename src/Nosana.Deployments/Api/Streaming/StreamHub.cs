using Nosana.Deployments.Store;

namespace Nosana.Deployments.Api.Streaming;

/// <summary>Wakes whoever watches a deployment that this process has written. What other processes write is seen by looking again.</summary>
internal sealed class StreamHub : IDisposable
{
    private readonly DeploymentStore _store;
    private readonly int _mostOfOwner;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<Watch>> _watches = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _ofOwner = new(StringComparer.Ordinal);

    public StreamHub(DeploymentStore store, DeploymentApiOptions options)
    {
        _store = store;
        _mostOfOwner = options.MostStreams;
        store.Saved += Wake;
    }

    /// <returns>Null when the owner watches as much as he may.</returns>
    public Watch? TryEnter(string owner, string deployment)
    {
        lock (_lock)
        {
            int seats = _ofOwner.GetValueOrDefault(owner);
            if (seats >= _mostOfOwner) return null;
            _ofOwner[owner] = seats + 1;
            var watch = new Watch(this, owner, deployment);
            if (!_watches.TryGetValue(deployment, out List<Watch>? others)) _watches[deployment] = others = [];
            others.Add(watch);
            return watch;
        }
    }

    public void Dispose() => _store.Saved -= Wake;

    private void Wake(string deployment)
    {
        lock (_lock)
        {
            if (!_watches.TryGetValue(deployment, out List<Watch>? watches)) return;
            foreach (Watch watch in watches) watch.Wake();
        }
    }

    private void Leave(Watch watch)
    {
        lock (_lock)
        {
            if (!_watches.TryGetValue(watch.Deployment, out List<Watch>? others) || !others.Remove(watch)) return;
            if (others.Count == 0) _watches.Remove(watch.Deployment);
            if (--_ofOwner[watch.Owner] == 0) _ofOwner.Remove(watch.Owner);
        }
    }

    /// <summary>A place of one who watches.</summary>
    internal sealed class Watch(StreamHub hub, string owner, string deployment) : IDisposable
    {
        private TaskCompletionSource _woken = Fresh();

        public string Owner => owner;

        public string Deployment => deployment;

        public void Wake() => Volatile.Read(ref _woken).TrySetResult();

        /// <summary>To be taken before looking: what is written after that completes it.</summary>
        public Task Next()
        {
            if (Volatile.Read(ref _woken).Task.IsCompleted) Volatile.Write(ref _woken, Fresh());
            return Volatile.Read(ref _woken).Task;
        }

        public void Dispose() => hub.Leave(this);

        private static TaskCompletionSource Fresh() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
