using System.Net;

namespace Nosana.Docker;

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
