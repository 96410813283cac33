namespace Nosana.Solana.Rpc;

/// <summary>No node answered within the attempts and the time allowed. Nothing is known about the request's effect.</summary>
public sealed class RpcUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException);
