using System.Collections.Concurrent;

namespace Nosana.Node.Exposure;

/// <summary>
/// Which host name leads to which container. Readers find one name at a time, writers change one at a time. Names are matched case-insensitively, since
/// browsers lower the case of the base58 ids in them.
/// </summary>
internal sealed class ExposureTable
{
    /// <summary>Owner of the node's own name: what it has, no job gets.</summary>
    public const string NodeOwner = "the node's API";

    /// <summary>Names of ended jobs that are remembered, so that who asks for one is told the truth.</summary>
    public const int MostGone = 4096;

    private readonly Lock _writing = new();
    private readonly Dictionary<string, List<Entry>> _entries = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, ExposedName> _current = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, byte> _gone = new(StringComparer.OrdinalIgnoreCase);
    private readonly Queue<string> _goneInOrder = new();

    /// <summary>The names that lead somewhere now, or will.</summary>
    public IReadOnlyCollection<ExposedName> Names => [.. _current.Values];

    /// <summary>
    /// Adds a name, or gives the owner's name another destination, which ends what flows to the old one. Jobs of one deployment share a name: the newest
    /// owner has it, and the one before it gets it back. What <see cref="NodeOwner"/> has is its own, whoever else adds it.
    /// </summary>
    /// <param name="hostName">Without a port.</param>
    /// <param name="destination">Scheme http, address and port; a path is not used.</param>
    /// <param name="owner">The job that <see cref="RemoveJob"/> names later.</param>
    /// <param name="onUnreachable">See <see cref="ExposedName.ReportUnreachable"/>.</param>
    public void Add(string hostName, Uri destination, string owner, Action? onUnreachable = null)
    {
        if (!destination.IsAbsoluteUri || destination.Scheme != Uri.UriSchemeHttp)
        {
            throw new ArgumentException($"'{destination}' is not the http address of a container port.", nameof(destination));
        }
        Put(hostName, destination, owner, onUnreachable);
    }

    /// <summary>The name is the job's, and its container is not there yet: who asks is told so. A later <see cref="Add"/> says where it is.</summary>
    public void Announce(string hostName, string owner) => Put(hostName, null, owner, null);

    /// <summary>Takes one name of a job away, for instance when its operation has ended before the job.</summary>
    /// <returns>Whether the job had that name.</returns>
    public bool Remove(string hostName, string owner)
    {
        string name = Normalize(hostName);
        return RemoveWhere(entry => entry.HostName.Equals(name, StringComparison.OrdinalIgnoreCase) && entry.Owner == owner) > 0;
    }

    /// <summary>
    /// Takes every name of a job away. When this returns no further request reaches its containers, and what was under way is being ended, WebSockets
    /// and long responses included.
    /// </summary>
    /// <returns>How many names it had.</returns>
    public int RemoveJob(string owner) => RemoveWhere(entry => entry.Owner == owner);

    /// <param name="hostName">As in a Host header, without the port.</param>
    public ExposedName? Find(string hostName) => _current.GetValueOrDefault(Normalize(hostName));

    /// <summary>Whether a name that leads nowhere was a job's, which has ended since this agent started.</summary>
    public bool IsGone(string hostName) => _gone.ContainsKey(Normalize(hostName));

    // A name may be written with the root's dot at its end.
    private static string Normalize(string hostName) => hostName.TrimEnd('.');

    private void Put(string hostName, Uri? destination, string owner, Action? onUnreachable)
    {
        string name = Normalize(hostName);
        if (Uri.CheckHostName(name) != UriHostNameType.Dns) throw new ArgumentException($"'{hostName}' is not a host name.", nameof(hostName));
        lock (_writing)
        {
            if (!_entries.TryGetValue(name, out List<Entry>? owners)) _entries[name] = owners = [];
            Entry[] replaced = [.. owners.Where(entry => entry.Name.Owner == owner)];
            owners.RemoveAll(replaced.Contains);
            var cancellation = new CancellationTokenSource();
            owners.Add(new Entry(new ExposedName(name, destination, owner, cancellation.Token, onUnreachable), cancellation));
            Publish(name, owners);
            End(replaced);
        }
    }

    private int RemoveWhere(Predicate<ExposedName> isMeant)
    {
        lock (_writing)
        {
            Entry[] removed = [.. _entries.Values.SelectMany(owners => owners).Where(entry => isMeant(entry.Name))];
            foreach (Entry entry in removed)
            {
                List<Entry> owners = _entries[entry.Name.HostName];
                owners.Remove(entry);
                if (owners.Count == 0) _entries.Remove(entry.Name.HostName);
                Publish(entry.Name.HostName, owners);
            }
            End(removed);
            return removed.Length;
        }
    }

    private void Publish(string name, List<Entry> owners)
    {
        if (owners.Count > 0)
        {
            _current[name] = (owners.FindLast(entry => entry.Name.Owner == NodeOwner) ?? owners[^1]).Name;
            return;
        }
        _current.TryRemove(name, out _);
        if (!_gone.TryAdd(name, 0)) return;
        _goneInOrder.Enqueue(name);
        if (_goneInOrder.Count > MostGone) _gone.TryRemove(_goneInOrder.Dequeue(), out _);
    }

    // After the table has changed: a request that comes between the two finds no name rather than a dead one.
    private static void End(IEnumerable<Entry> entries)
    {
        foreach (Entry entry in entries) entry.Cancellation.Cancel();
    }

    private sealed record Entry(ExposedName Name, CancellationTokenSource Cancellation);
}
