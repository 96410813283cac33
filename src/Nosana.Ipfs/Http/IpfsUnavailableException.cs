namespace Nosana.Ipfs.Http;

/// <summary>No service gave an answer to rely on: unreachable, silent past its time, or failing. Trying later may help.</summary>
public sealed class IpfsUnavailableException(string message, Exception? inner = null) : IpfsException(message, inner);
