namespace Nosana.Node.Market;

/// <summary>Asks whether this host can serve any job at all.</summary>
/// <returns>Why not, for a person; null when it can.</returns>
internal delegate Task<string?> HostProblem(CancellationToken cancel);
