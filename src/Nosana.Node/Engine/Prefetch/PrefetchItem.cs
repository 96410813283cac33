namespace Nosana.Node.Engine.Prefetch;

/// <summary>One thing to fetch beforehand.</summary>
/// <param name="key">Tells it from others.</param>
/// <param name="name">In the words of messages.</param>
/// <param name="fetch">Fetches it unless it is here.</param>
internal sealed class PrefetchItem(string key, string name, Func<CancellationToken, Task> fetch)
{
    private TimeSpan _wait;

    public string Key { get; } = key;

    public string Name { get; } = name;

    /// <summary>It is not tried before this.</summary>
    public DateTimeOffset Due { get; private set; }

    public Task FetchAsync(CancellationToken cancellationToken) => fetch(cancellationToken);

    public void Succeeded() => _wait = TimeSpan.Zero;

    /// <returns>How long it is left alone.</returns>
    public TimeSpan Failed(DateTimeOffset now, PrefetchOptions options)
    {
        _wait = _wait == TimeSpan.Zero ? options.FirstWait : _wait * 2 < options.LongestWait ? _wait * 2 : options.LongestWait;
        Due = now + _wait;
        return _wait;
    }
}
