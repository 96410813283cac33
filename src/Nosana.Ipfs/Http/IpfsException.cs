using System.Net;

namespace Nosana.Ipfs.Http;

/// <summary>Content could not be fetched or pinned. The message says what failed, where, and what to do.</summary>
public abstract class IpfsException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Every gateway that answered says that it has no such content.</summary>
public sealed class IpfsNotFoundException(string message) : IpfsException(message);

/// <summary>No service gave an answer to rely on: unreachable, silent past its time, or failing. Trying later may help.</summary>
public sealed class IpfsUnavailableException(string message, Exception? inner = null) : IpfsException(message, inner);

/// <summary>The content is larger than the caller takes. Reading stopped at the limit.</summary>
public sealed class IpfsTooLargeException(string message, long limit) : IpfsException(message)
{
    /// <summary>The limit in bytes.</summary>
    public long Limit { get; } = limit;
}

/// <summary>The service understood and refused, most often over the credential. Trying again without a change does not help.</summary>
public sealed class IpfsRejectedException(string message, HttpStatusCode status) : IpfsException(message)
{
    public HttpStatusCode Status { get; } = status;

    /// <summary>A smaller document may be taken; else the account or the address is what is refused, whatever is sent.</summary>
    public bool ConcernsDocument => (int)Status is not (401 or 402 or 403 or 404 or 405 or 407);
}

/// <summary>A gateway answered bytes that are not the content of the identifier. They are never used.</summary>
public sealed class IpfsContentMismatchException(string message, Cid expected, Cid actual) : IpfsException(message)
{
    public Cid Expected { get; } = expected;

    /// <summary>The identifier of what was answered.</summary>
    public Cid Actual { get; } = actual;
}
