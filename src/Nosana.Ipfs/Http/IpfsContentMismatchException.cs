namespace Nosana.Ipfs.Http;

/// <summary>A gateway answered bytes that are not the content of the identifier. They are never used.</summary>
public sealed class IpfsContentMismatchException(string message, Cid expected, Cid actual) : IpfsException(message)
{
    public Cid Expected { get; } = expected;

    /// <summary>The identifier of what was answered.</summary>
    public Cid Actual { get; } = actual;
}
