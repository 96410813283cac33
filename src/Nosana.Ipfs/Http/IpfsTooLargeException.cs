namespace Nosana.Ipfs.Http;

/// <summary>The content is larger than the caller takes. Reading stopped at the limit.</summary>
public sealed class IpfsTooLargeException(string message, long limit) : IpfsException(message)
{
    /// <summary>The limit in bytes.</summary>
    public long Limit { get; } = limit;
}
