using Nosana.JobDefinition.Model;

namespace Nosana.Node.Engine.Resources;

/// <summary>The source of each kind of resource.</summary>
internal sealed class ResourceSources(ResourceHttp http, ResourceOptions options, TimeProvider? time = null)
{
    private readonly MirrorMap _mirrors = new(options.Mirrors);

    public IResourceSource Of(Resource resource) => resource switch
    {
        S3Resource s3 => new S3ResourceSource(s3, http, _mirrors, options, time ?? TimeProvider.System),
        HuggingFaceResource repository => new HuggingFaceSource(repository, http, _mirrors, options),
        OllamaResource model => new OllamaSource(model, http, _mirrors, options),
        _ => throw new ResourceException(ResourceFault.Invalid, $"A resource of kind {resource.GetType().Name} is not known. Use S3, HF or Ollama."),
    };
}

/// <summary>A place that one resource comes from.</summary>
internal interface IResourceSource
{
    /// <summary>Asks what there is. Nothing is downloaded but the listing.</summary>
    /// <exception cref="ResourceException">Any.</exception>
    Task<ResourceListing> ListAsync(CancellationToken cancellationToken);
}
