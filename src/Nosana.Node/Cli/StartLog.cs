using Microsoft.Extensions.Logging;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Cli;

/// <summary>What <c>start</c> says before its services do.</summary>
internal static partial class StartLog
{
    [LoggerMessage(100, LogLevel.Information, "Serving market {Market} on {Network} as {Wallet}")]
    public static partial void LogServing(this ILogger logger, string network, PublicKey market, PublicKey wallet);

    [LoggerMessage(102, LogLevel.Warning, "{Problem}")]
    public static partial void LogEgressInactive(this ILogger logger, string problem);

    [LoggerMessage(103, LogLevel.Warning, "Jobs get no GPU on this engine: {Problem}")]
    public static partial void LogNoGpus(this ILogger logger, string problem);

    [LoggerMessage(101, LogLevel.Warning, "{Warning}")]
    public static partial void LogKeyWarning(this ILogger logger, string warning);
}
