namespace Nosana.Docker.Transport;

/// <summary>What an engine's address means.</summary>
internal static class EngineEndpoint
{
    /// <summary>Throws with the three accepted forms when the address is none of them.</summary>
    public static void Validate(Uri endpoint)
    {
        if (!endpoint.IsAbsoluteUri || !IsUsable(endpoint))
            throw new ArgumentException(
                $"'{endpoint.OriginalString}' is not an engine's address: give unix:///path/to/docker.sock, tcp://host:port or http://host:port.",
                nameof(endpoint));
    }

    /// <summary>Path of the socket, or null when the engine is reached over TCP.</summary>
    public static string? SocketPath(Uri endpoint) => endpoint.Scheme == "unix" ? Uri.UnescapeDataString(endpoint.AbsolutePath) : null;

    /// <summary>What HTTP requests are relative to. The host of a unix socket is never resolved.</summary>
    public static Uri HttpBase(Uri endpoint) => endpoint.Scheme == "unix"
        ? new Uri("http://docker/")
        : new UriBuilder(endpoint) { Scheme = "http", Path = "/" }.Uri;

    private static bool IsUsable(Uri endpoint) => endpoint.Scheme switch
    {
        "unix" => endpoint.Host.Length == 0 && endpoint.AbsolutePath.Length > 1,
        "tcp" => endpoint.Host.Length > 0 && endpoint.Port > 0,
        "http" => endpoint.Host.Length > 0,
        _ => false,
    };
}
