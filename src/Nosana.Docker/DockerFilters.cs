namespace Nosana.Docker;

/// <summary>
/// Filters of a list or of events, for collection initializers: <c>new DockerFilters { { "label", "a=b", "c" }, { "status", "running" } }</c>.
/// Values of one name are alternatives, but labels must all match; names must all match.
/// </summary>
public sealed class DockerFilters : Dictionary<string, IDictionary<string, bool>>
{
    /// <summary>Adds values to the filter <paramref name="name"/>.</summary>
    public void Add(string name, params ReadOnlySpan<string> values)
    {
        if (!TryGetValue(name, out IDictionary<string, bool>? set)) this[name] = set = new Dictionary<string, bool>();
        foreach (string value in values) set[value] = true;
    }
}
