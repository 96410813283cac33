using Docker.DotNet.Models;
using Nosana.Docker;

namespace Nosana.Node.Engine.Images;

/// <summary>The images of an engine at one moment, whoever brought them there, and which of them containers have, running or not.</summary>
internal sealed class ImageInventory
{
    private readonly Dictionary<string, ImagesListResponse> _images = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ImagesListResponse> _byReference = new(StringComparer.Ordinal);
    private readonly HashSet<string> _used;

    private ImageInventory(IEnumerable<ImagesListResponse> images, IEnumerable<ContainerListResponse> containers)
    {
        foreach (ImagesListResponse image in images)
        {
            _images[image.ID] = image;
            // An image without a name has the name <none>:<none> on older engines.
            foreach (string name in image.RepoTags.Concat(image.RepoDigests).Where(name => !name.StartsWith('<')))
                if (CanonicalOf(name) is { } canonical) _byReference[canonical] = image;
        }
        _used = [.. containers.Select(container => container.ImageID)];
    }

    public static async Task<ImageInventory> ReadAsync(IEngineClient client, CancellationToken cancellationToken)
    {
        try
        {
            return new ImageInventory(
                await client.ListImagesAsync(cancellationToken),
                await client.ListContainersAsync(new ContainersListParameters { All = true }, cancellationToken));
        }
        catch (DockerException exception)
        {
            throw EngineFaultClassifier.OfContainer(exception, "The engine's images cannot be listed");
        }
    }

    /// <summary>The image of a reference or an id.</summary>
    public ImagesListResponse? Find(string name) => _byReference.GetValueOrDefault(name) ?? _images.GetValueOrDefault(name);

    public bool Has(string id) => _images.ContainsKey(id);

    public bool IsUsed(string id) => _used.Contains(id);

    private static string? CanonicalOf(string name)
    {
        try
        {
            return ImageReference.Parse(name).Canonical;
        }
        catch (EngineException)
        {
            return null; // a name that only this engine understands is not a name that a job can use
        }
    }
}
