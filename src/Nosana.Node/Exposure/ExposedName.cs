using Nosana.Node.Exposure.Forwarding;

namespace Nosana.Node.Exposure;

/// <summary>A host name and where its requests go. Its token is cancelled when the name is taken away, which ends what still flows through it.</summary>
/// <param name="hostName">As it was given, without a port.</param>
/// <param name="destination">Scheme, address and port of the container; null while the container is not there yet.</param>
/// <param name="owner">The job.</param>
/// <param name="removed">Cancelled when the name leads here no more.</param>
/// <param name="onUnreachable">Told when nothing takes connections at the destination: it may have moved. Quick.</param>
internal sealed class ExposedName(string hostName, Uri? destination, string owner, CancellationToken removed, Action? onUnreachable = null)
{
    private volatile bool _hasAnswered;

    public string HostName { get; } = hostName;

    public Uri? Destination { get; } = destination;

    /// <summary>Scheme, address and port as they stand before a request's target.</summary>
    public string Prefix { get; } = destination?.GetLeftPart(UriPartial.Authority) ?? "";

    public string Owner { get; } = owner;

    public CancellationToken Removed { get; } = removed;

    /// <summary>What clients ask of it at the moment.</summary>
    public RouteLoad Load { get; } = new();

    /// <summary>Whether the container has answered a client through this name: from then on a refused connection is not a start.</summary>
    public bool HasAnswered => _hasAnswered;

    public void MarkAnswered() => _hasAnswered = true;

    public void ReportUnreachable() => onUnreachable?.Invoke();
}
