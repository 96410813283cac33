namespace Nosana.Node.Cli.Output;

/// <summary>The log of verbs that answer on standard output: warnings only, or all of it with <c>--verbose</c>, on standard error.</summary>
internal static class StandardErrorLog
{
    private static readonly Lazy<ILoggerFactory> Made = new(() =>
        LoggerFactory.Create(builder => builder.SetMinimumLevel(IsVerbose ? LogLevel.Debug : LogLevel.Warning).AddProvider(new StandardErrorProvider())));

    /// <summary>As the command line says; set before anything is logged.</summary>
    public static bool IsVerbose { get; set; }

    public static ILoggerFactory Factory => Made.Value;

    private sealed class StandardErrorProvider : ILoggerProvider
    {
        private readonly ILoggerFactory _inner = AgentLogging.Create(LogFormat.Text, IsVerbose, toStandardError: true);

        public ILogger CreateLogger(string categoryName) => _inner.CreateLogger(categoryName);

        public void Dispose() => _inner.Dispose();
    }
}
