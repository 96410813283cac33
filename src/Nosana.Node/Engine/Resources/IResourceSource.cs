namespace Nosana.Node.Engine.Resources;

/// <summary>A place that one resource comes from.</summary>
internal interface IResourceSource
{
    /// <summary>Asks what there is. Nothing is downloaded but the listing.</summary>
    /// <exception cref="ResourceException">Any.</exception>
    Task<ResourceListing> ListAsync(CancellationToken cancellationToken);
}
