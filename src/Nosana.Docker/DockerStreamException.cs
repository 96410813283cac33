namespace Nosana.Docker;

/// <summary>A stream from the engine broke off, or is not what it should be (wrong tty setting, damaged frame, truncated JSON).</summary>
public sealed class DockerStreamException(string message, Exception? innerException = null) : DockerException(message, innerException);
