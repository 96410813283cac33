namespace Nosana.Solana.Rpc;

/// <summary>A URL as it may be printed: providers put their customers' keys into the path or the query.</summary>
internal readonly struct EndpointName(Uri endpoint)
{
    /// <summary>Built only where a log line is written.</summary>
    public override string ToString() => Of(endpoint);

    public static string Of(Uri endpoint) => $"{endpoint.Scheme}://{endpoint.Authority}{(endpoint.PathAndQuery == "/" ? "" : "/...")}";
}
