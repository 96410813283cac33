using System.Net;

namespace Nosana.Docker.Transport;

/// <summary>Paths of the API from names that others chose.</summary>
internal static class EnginePath
{
    /// <summary><c>/{collection}/{id}{suffix}</c>.</summary>
    public static string Of(string collection, string id, string suffix = "") => $"/{collection}/{Segment(id)}{suffix}";

    /// <summary>As <see cref="Of"/>, for image references: slashes stay.</summary>
    public static string OfImage(string name, string suffix = "") => $"/images/{string.Join('/', name.Split('/').Select(Segment))}{suffix}";

    /// <summary>An empty or dotted segment would make the address mean something else, so it is refused in the engine's own words.</summary>
    private static string Segment(string text)
    {
        if (string.IsNullOrWhiteSpace(text) || text is "." or "..")
            throw new DockerApiException(HttpStatusCode.BadRequest, $"invalid reference format: '{text}' is no name");
        return Uri.EscapeDataString(text).Replace("%3A", ":", StringComparison.Ordinal).Replace("%40", "@", StringComparison.Ordinal);
    }
}
