using System.Net;

namespace Nosana.Docker;

/// <summary>No volume of that name.</summary>
public sealed class DockerVolumeNotFoundException(HttpStatusCode statusCode, string engineMessage, string? responseBody = null, string? request = null)
    : DockerApiException(statusCode, engineMessage, responseBody, request);
