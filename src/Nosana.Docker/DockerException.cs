namespace Nosana.Docker;

/// <summary>Anything that goes wrong between this client and an engine.</summary>
public abstract class DockerException : Exception
{
    protected DockerException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }
}
