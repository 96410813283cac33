using Microsoft.Extensions.Logging;

namespace Nosana.Node.Cli.Output;

/// <summary>The log of verbs that answer on standard output: warnings only, on standard error.</summary>
internal static class StandardErrorLog
{
    public static ILoggerFactory Factory { get; } = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Warning).AddProvider(new StandardErrorProvider()));

    private sealed class StandardErrorProvider : ILoggerProvider
    {
        private readonly ILoggerFactory _inner = AgentLogging.Create(LogFormat.Text, verbose: false, toStandardError: true);

        public ILogger CreateLogger(string categoryName) => _inner.CreateLogger(categoryName);

        public void Dispose() => _inner.Dispose();
    }
}
