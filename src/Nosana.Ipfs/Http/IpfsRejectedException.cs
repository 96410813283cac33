using System.Net;

namespace Nosana.Ipfs.Http;

/// <summary>The service understood and refused, most often over the credential. Trying again without a change does not help.</summary>
public sealed class IpfsRejectedException(string message, HttpStatusCode status) : IpfsException(message)
{
    public HttpStatusCode Status { get; } = status;
}
