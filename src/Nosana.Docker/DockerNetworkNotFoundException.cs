using System.Net;

namespace Nosana.Docker;

/// <summary>No network of that id or name.</summary>
public sealed class DockerNetworkNotFoundException(HttpStatusCode statusCode, string engineMessage, string? responseBody = null, string? request = null)
    : DockerApiException(statusCode, engineMessage, responseBody, request);
