using System.Net;

namespace Nosana.Docker;

/// <summary>Anything that goes wrong between this client and an engine. Whatever an engine does or answers, callers see one of these.</summary>
public abstract class DockerException : Exception
{
    protected DockerException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }
}

/// <summary>The engine does not answer: no socket, no permission, nothing listening, or not in time. The message names the endpoint and what to do.</summary>
public sealed class DockerUnavailableException(Uri endpoint, string problem, string remedy, Exception? innerException = null)
    : DockerException($"Docker Engine at {endpoint} {problem}. {remedy}", innerException)
{
    public Uri Endpoint { get; } = endpoint;
}

/// <summary>Engine and client have no API version in common.</summary>
public sealed class DockerVersionException(string message) : DockerException(message);

/// <summary>An answer of the engine broke off, or is not what it should be (damaged frame, truncated JSON, a word where a number belongs).</summary>
public sealed class DockerStreamException(string message, Exception? innerException = null) : DockerException(message, innerException);

/// <summary>The engine answered with an error.</summary>
public class DockerApiException : DockerException
{
    /// <param name="statusCode">Status of the answer; of an error inside a stream, the closest one.</param>
    /// <param name="engineMessage">The engine's own words.</param>
    /// <param name="responseBody">The answer as it came.</param>
    /// <param name="request">What was asked, for example <c>POST /containers/create</c>.</param>
    public DockerApiException(HttpStatusCode statusCode, string engineMessage, string? responseBody = null, string? request = null)
        : base($"Docker Engine answered {(int)statusCode} to {request ?? "a request"}: {engineMessage}")
    {
        StatusCode = statusCode;
        EngineMessage = engineMessage;
        ResponseBody = responseBody;
    }

    public HttpStatusCode StatusCode { get; }

    /// <summary>The engine's own words, without what this client adds.</summary>
    public string EngineMessage { get; }

    public string? ResponseBody { get; }
}

/// <summary>No container of that id or name.</summary>
public sealed class DockerContainerNotFoundException(HttpStatusCode statusCode, string engineMessage, string? responseBody = null, string? request = null)
    : DockerApiException(statusCode, engineMessage, responseBody, request);

/// <summary>No image of that name: not on the engine, or on a pull not in its registry (or not for these credentials).</summary>
public sealed class DockerImageNotFoundException(HttpStatusCode statusCode, string engineMessage, string? responseBody = null, string? request = null)
    : DockerApiException(statusCode, engineMessage, responseBody, request);

/// <summary>No network of that id or name.</summary>
public sealed class DockerNetworkNotFoundException(HttpStatusCode statusCode, string engineMessage, string? responseBody = null, string? request = null)
    : DockerApiException(statusCode, engineMessage, responseBody, request);

/// <summary>No volume of that name.</summary>
public sealed class DockerVolumeNotFoundException(HttpStatusCode statusCode, string engineMessage, string? responseBody = null, string? request = null)
    : DockerApiException(statusCode, engineMessage, responseBody, request);
