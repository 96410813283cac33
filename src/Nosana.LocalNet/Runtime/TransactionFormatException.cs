namespace Nosana.LocalNet.Runtime;

/// <summary>The bytes are not a transaction. The message names the part that is wrong.</summary>
internal sealed class TransactionFormatException(string message) : Exception(message);
