using System.Collections.Frozen;

namespace Nosana.Node.Exposure;

/// <summary>
/// Which host name leads to which container. Readers see one immutable dictionary; writers replace it whole. Names are matched case-insensitively, since
/// browsers lower the case of the base58 ids in them.
/// </summary>
internal sealed class ExposureTable
{
    private readonly Lock _writing = new();
    private readonly Dictionary<string, List<Entry>> _entries = new(StringComparer.OrdinalIgnoreCase);
    private volatile FrozenDictionary<string, ExposedName> _current = FrozenDictionary<string, ExposedName>.Empty;

    /// <summary>The names that lead somewhere now.</summary>
    public IReadOnlyCollection<ExposedName> Names => _current.Values;

    /// <summary>
    /// Adds a name, or gives the owner's name another destination, which ends what flows to the old one. Jobs of one deployment share a name: the newest
    /// owner has it, and the one before it gets it back.
    /// </summary>
    /// <param name="hostName">Without a port.</param>
    /// <param name="destination">Scheme http, address and port; a path is not used.</param>
    /// <param name="owner">The job that <see cref="RemoveJob"/> names later.</param>
    public void Add(string hostName, Uri destination, string owner)
    {
        if (!destination.IsAbsoluteUri || destination.Scheme != Uri.UriSchemeHttp)
        {
            throw new ArgumentException($"'{destination}' is not the http address of a container port.", nameof(destination));
        }
        string name = Normalize(hostName);
        if (Uri.CheckHostName(name) != UriHostNameType.Dns) throw new ArgumentException($"'{hostName}' is not a host name.", nameof(hostName));
        lock (_writing)
        {
            if (!_entries.TryGetValue(name, out List<Entry>? owners)) _entries[name] = owners = [];
            Entry[] replaced = [.. owners.Where(entry => entry.Name.Owner == owner)];
            owners.RemoveAll(replaced.Contains);
            var cancellation = new CancellationTokenSource();
            owners.Add(new Entry(new ExposedName(name, destination, owner, cancellation.Token), cancellation));
            Publish(replaced);
        }
    }

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

    // A name may be written with the root's dot at its end.
    private static string Normalize(string hostName) => hostName.TrimEnd('.');

    private int RemoveWhere(Predicate<ExposedName> isMeant)
    {
        lock (_writing)
        {
            Entry[] removed = [.. _entries.Values.SelectMany(owners => owners).Where(entry => isMeant(entry.Name))];
            if (removed.Length == 0) return 0;
            foreach (Entry entry in removed)
            {
                List<Entry> owners = _entries[entry.Name.HostName];
                owners.Remove(entry);
                if (owners.Count == 0) _entries.Remove(entry.Name.HostName);
            }
            Publish(removed);
            return removed.Length;
        }
    }

    // First the table, then the tokens: a request that comes between the two finds no name rather than a dead one.
    private void Publish(IEnumerable<Entry> removed)
    {
        _current = _entries.ToFrozenDictionary(pair => pair.Key, pair => pair.Value[^1].Name, StringComparer.OrdinalIgnoreCase);
        foreach (Entry entry in removed) entry.Cancellation.Cancel();
    }

    private sealed record Entry(ExposedName Name, CancellationTokenSource Cancellation);
}
