namespace Nosana.Docker.Models;

/// <summary>Query of <c>POST /images/{name}/push</c>.</summary>
public sealed class ImagePushParameters
{
    /// <summary>Tag to push; null pushes all tags of the name.</summary>
    public string? Tag { get; set; }
}
