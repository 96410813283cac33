using Nosana.Node.Retries;

namespace Nosana.Node.Engine.Resources;

/// <summary>Asks a source again that did not answer.</summary>
internal sealed partial class ResourceRetry(ResourceOptions options, ILogger logger, TimeProvider time)
{
    /// <summary>Tries until it works, the source says no, or too many tries in a row have failed without progress.</summary>
    /// <param name="attempt">One try.</param>
    /// <param name="moved">Grows while tries make progress; null when there is no such thing.</param>
    /// <param name="watch">Is told what tries have met; it ends them.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> attempt, Func<long>? moved, StallWatch watch, CancellationToken cancellationToken)
    {
        void Retrying(Exception problem)
        {
            watch.LastProblem = problem.Message;
            LogRetry(logger, problem.Message);
        }
        return await RetryPipelines
            .Create(options.Retry, time, static e => e is ResourceException { Fault: ResourceFault.Unavailable }, (e, _) => Retrying(e), moved)
            .ExecuteAsync(async token => await attempt(token), cancellationToken);
    }

    [LoggerMessage(3060, LogLevel.Warning, "A download failed and is tried again: {Problem}")]
    private static partial void LogRetry(ILogger logger, string problem);
}
