namespace Nosana.Solana.Rpc;

/// <summary>A URL as it may be printed: providers put their customers' keys into the path or the query.</summary>
internal readonly struct EndpointName(Uri endpoint)
{
    private const int LongestPlainSegment = 20;

    /// <summary>Built only where a log line is written.</summary>
    public override string ToString() => Of(endpoint);

    public static string Of(Uri endpoint)
    {
        string path = string.Concat(endpoint.Segments.Select(segment => segment.Length > LongestPlainSegment ? "***" : segment));
        return $"{endpoint.Scheme}://{endpoint.Authority}{path.TrimEnd('/')}{(endpoint.Query.Length > 1 ? "?***" : string.Empty)}";
    }
}
