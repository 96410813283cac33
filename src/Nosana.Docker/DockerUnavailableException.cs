namespace Nosana.Docker;

/// <summary>The engine does not answer: no socket, no permission, nothing listening, or no answer in time. The message names the endpoint and what to do.</summary>
public sealed class DockerUnavailableException : DockerException
{
    public DockerUnavailableException(Uri endpoint, string problem, string remedy, Exception? innerException = null)
        : base($"Docker Engine at {endpoint} {problem}. {remedy}", innerException)
    {
        Endpoint = endpoint;
    }

    public Uri Endpoint { get; }
}
