namespace Nosana.Node.Engine.Containers;

/// <summary>A container that was found by its labels.</summary>
/// <param name="Id">Full id.</param>
/// <param name="Name">Without the leading slash.</param>
/// <param name="Status">As in <see cref="ContainerSnapshot.Status"/>.</param>
/// <param name="Labels">Its labels.</param>
internal sealed record FoundContainer(string Id, string Name, string Status, IReadOnlyDictionary<string, string> Labels)
{
    /// <summary>Running, or about to be again under its restart policy.</summary>
    public bool IsAlive => Status is "running" or "restarting" or "paused";
}
