using Microsoft.Extensions.Logging.Abstractions;

namespace Nosana.Node.Exposure.Listening;

/// <summary>
/// The agent's log for a web server inside it, without the category that makes the server keep an activity for each request: that would cost time, and
/// trace headers of its own.
/// </summary>
internal sealed class QuietLoggers(ILoggerFactory loggers) : ILoggerFactory
{
    private const string PerRequest = "Microsoft.AspNetCore.Hosting.Diagnostics";

    public ILogger CreateLogger(string categoryName) => categoryName == PerRequest ? NullLogger.Instance : loggers.CreateLogger(categoryName);

    public void AddProvider(ILoggerProvider provider) => loggers.AddProvider(provider);

    public void Dispose()
    {
        // The agent's own.
    }
}
