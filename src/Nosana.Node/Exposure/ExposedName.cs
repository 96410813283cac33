namespace Nosana.Node.Exposure;

/// <summary>A host name and where its requests go. Its token is cancelled when the name is taken away, which ends what still flows through it.</summary>
internal sealed class ExposedName(string hostName, Uri destination, string owner, CancellationToken removed)
{
    public string HostName { get; } = hostName;

    /// <summary>Scheme, address and port of the container.</summary>
    public Uri Destination { get; } = destination;

    /// <summary>The job.</summary>
    public string Owner { get; } = owner;

    public CancellationToken Removed { get; } = removed;
}
