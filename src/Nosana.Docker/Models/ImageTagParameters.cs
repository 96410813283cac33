namespace Nosana.Docker.Models;

/// <summary>Query of <c>POST /images/{name}/tag</c>.</summary>
public sealed class ImageTagParameters
{
    public required string RepositoryName { get; set; }

    public string? Tag { get; set; }
}
