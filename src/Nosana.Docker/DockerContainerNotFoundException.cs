using System.Net;

namespace Nosana.Docker;

/// <summary>No container of that id or name.</summary>
public sealed class DockerContainerNotFoundException(HttpStatusCode statusCode, string engineMessage, string? responseBody = null, string? request = null)
    : DockerApiException(statusCode, engineMessage, responseBody, request);
