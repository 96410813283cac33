namespace Nosana.Docker.Models;

/// <summary>One thing that removing an image did: either a tag taken off or a layer deleted.</summary>
public sealed class ImageDeleteResponse
{
    public string? Untagged { get; set; }

    public string? Deleted { get; set; }
}
