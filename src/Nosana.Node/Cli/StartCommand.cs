using System.CommandLine;
using Nosana.Node.Cli.Options;
using Nosana.Node.Cli.Output;
using Nosana.Node.Hosting;
using Nosana.Node.Hosting.Settings;
using Nosana.Node.Jobs;

namespace Nosana.Node.Cli;

/// <summary><c>start</c>: the host. Checks everything first, then serves its market until it is told to stop.</summary>
internal static partial class StartCommand
{
    /// <param name="signals">Those of the process; null in a process that gets none.</param>
    public static Command Create(Signals? signals)
    {
        var command = new Command("start", "serve a market: take jobs, run them, publish their results, be paid");
        command.AddSettingsOfHost();
        command.SetAction((parse, cancel) => NodeCommand.GuardAsync(async () =>
        {
            NodeSettings settings = parse.ReadSettings();
            using ILoggerFactory logs = AgentLogging.Create(settings.Log, toStandardError: false);
            using HostIdentity identity = HostIdentity.Take(settings);
            foreach (string warning in identity.Warnings) LogWarning(logs.CreateLogger("nosana-node"), warning);
            using IHost host = NodeHost.Build(settings, identity, logs, services =>
                services.AddSingleton<IPullDisplay>(System.Console.IsOutputRedirected ? new PullLines(logs.CreateLogger<PullLines>()) : new PullBars()));
            if (signals is not null) signals.Taken = host.Services.GetRequiredService<HostSignals>().Take;
            return await NodeHost.RunAsync(host, cancel);
        }, cancel));
        return command;
    }

    [LoggerMessage(101, LogLevel.Warning, "{Warning}")]
    private static partial void LogWarning(ILogger logger, string warning);
}
