namespace Nosana.LocalNet;

/// <summary>The network cannot start as it was told to. The message says why and what to do.</summary>
public class LocalNetException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>A port that the network was told to use cannot be had. The message names it and says what to do.</summary>
public sealed class LocalNetPortException(int port, string message, Exception? innerException = null) : LocalNetException(message, innerException)
{
    public int Port { get; } = port;
}
