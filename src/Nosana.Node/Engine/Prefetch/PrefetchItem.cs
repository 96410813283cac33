using Nosana.Node.Retries;

namespace Nosana.Node.Engine.Prefetch;

/// <summary>One thing to fetch beforehand.</summary>
/// <param name="key">Tells it from others.</param>
/// <param name="name">In the words of messages.</param>
/// <param name="fetch">Fetches it unless it is here.</param>
internal sealed class PrefetchItem(string key, string name, Func<CancellationToken, Task> fetch)
{
    private int _failures;

    public string Key { get; } = key;

    public string Name { get; } = name;

    /// <summary>It is not tried before this.</summary>
    public DateTimeOffset Due { get; private set; }

    public Task FetchAsync(CancellationToken cancellationToken) => fetch(cancellationToken);

    public void Succeeded() => _failures = 0;

    /// <returns>How long it is left alone.</returns>
    public TimeSpan Failed(DateTimeOffset now)
    {
        TimeSpan wait = RetryPipelines.Prefetch.WaitAfter(++_failures);
        Due = now + wait;
        return wait;
    }
}
