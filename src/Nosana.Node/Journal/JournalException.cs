namespace Nosana.Node.Journal;

/// <summary>The journal cannot be used; the message says which file and what to do.</summary>
internal class JournalException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The journal's disk takes nothing: full, failing, or read-only. What was to be written is not there; what was written before is.</summary>
internal sealed class JournalFullException(string message, Exception? inner = null) : JournalException(message, inner);
