namespace Nosana.Node.Market;

/// <summary>Whether this host can serve any job at all.</summary>
internal interface IHostHealth
{
    /// <returns>Why not, for a person; null when it can.</returns>
    Task<string?> ProblemAsync(CancellationToken cancel);
}
