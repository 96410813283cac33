namespace Nosana.Docker;

/// <summary>Engine and client have no API version in common.</summary>
public sealed class DockerVersionException(string message) : DockerException(message);
