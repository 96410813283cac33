namespace Nosana.Docker.Models;

/// <summary>Query of <c>DELETE /images/{name}</c>.</summary>
public sealed class ImageDeleteParameters
{
    public bool Force { get; set; }

    public bool NoPrune { get; set; }
}
