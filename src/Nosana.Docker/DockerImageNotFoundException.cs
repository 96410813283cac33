using System.Net;

namespace Nosana.Docker;

/// <summary>No image of that name: not on the engine, or on a pull not in its registry (or not for these credentials).</summary>
public sealed class DockerImageNotFoundException(HttpStatusCode statusCode, string engineMessage, string? responseBody = null, string? request = null)
    : DockerApiException(statusCode, engineMessage, responseBody, request);
