namespace Nosana.Ipfs.Http;

/// <summary>Every gateway that answered says that it has no such content.</summary>
public sealed class IpfsNotFoundException(string message) : IpfsException(message);
