namespace Nosana.Node.Journal;

/// <summary>A job whose listing was begun and whose poster was not told yet what became of it: written before its transaction is sent.</summary>
/// <param name="Job">Address of the job account.</param>
/// <param name="Content">What is posted, the same text at every try: network, poster, market, definition, timeout.</param>
internal sealed record OpenPost(string Job, string Content);
