namespace Nosana.Ipfs.Http;

/// <summary>Content could not be fetched or pinned. The message says what failed, where, and what to do.</summary>
public abstract class IpfsException(string message, Exception? inner = null) : Exception(message, inner);
