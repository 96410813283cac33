namespace Nosana.LocalNet;

/// <summary>A port that the network was told to use cannot be had. The message names it and says what to do.</summary>
public sealed class LocalNetPortException(int port, string message, Exception innerException) : IOException(message, innerException)
{
    public int Port { get; } = port;
}
