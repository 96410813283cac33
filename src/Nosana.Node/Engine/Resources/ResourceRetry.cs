using Microsoft.Extensions.Logging;

namespace Nosana.Node.Engine.Resources;

/// <summary>Asks a source again that did not answer.</summary>
internal sealed partial class ResourceRetry(ResourceOptions options, ILogger logger, TimeProvider time)
{
    /// <summary>Tries until it works, the source says no, or too many tries in a row have failed without progress.</summary>
    /// <param name="attempt">One try.</param>
    /// <param name="moved">Grows while tries make progress; null when there is no such thing.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> attempt, Func<long>? moved, CancellationToken cancellationToken)
    {
        var backOff = new BackOff(options.FirstWait, options.LongestWait, time);
        while (true)
        {
            long before = moved?.Invoke() ?? 0;
            try
            {
                return await attempt(cancellationToken);
            }
            catch (ResourceException exception) when (exception.Fault == ResourceFault.Unavailable)
            {
                if (moved?.Invoke() > before) backOff.Reset();
                if (backOff.Waits + 1 >= options.Tries) throw;
                LogRetry(logger, exception.Message);
            }
            await backOff.WaitAsync(cancellationToken);
        }
    }

    [LoggerMessage(3060, LogLevel.Warning, "A download failed and is tried again: {Problem}")]
    private static partial void LogRetry(ILogger logger, string problem);
}
