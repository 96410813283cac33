namespace Nosana.Solana.Rpc.Streaming;

/// <summary>The WebSocket URL that belongs to an RPC URL.</summary>
public static class StreamingEndpoint
{
    /// <summary>http becomes ws and https becomes wss; host, port, path and query stay.</summary>
    /// <exception cref="ArgumentException">Not an http or https URL.</exception>
    public static Uri Derive(Uri rpc) => new UriBuilder(rpc)
    {
        Scheme = rpc.Scheme switch
        {
            "http" => "ws",
            "https" => "wss",
            _ => throw new ArgumentException($"'{rpc}' is not an http or https URL.", nameof(rpc)),
        },
        Port = rpc.IsDefaultPort ? -1 : rpc.Port,
    }.Uri;
}
