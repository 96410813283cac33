using System.CommandLine;
using Nosana.Docker;
using Nosana.Node.Cli.Options;
using Nosana.Node.Cli.Output;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Hosting;
using Nosana.Node.Hosting.Settings;
using Nosana.Node.Operations;

namespace Nosana.Node.Cli;

/// <summary><c>watchdog</c>: ends what a host left running beyond its job's time, while no host runs. A timer calls it again and again.</summary>
internal static class WatchdogCommand
{
    public static Command Create()
    {
        var command = new Command("watchdog", "end containers of a host that does not run, once their job's time is up; does nothing while it runs");
        command.AddSettingsOfHost();
        command.SetAction((parse, cancel) => NodeCommand.GuardAsync(async () =>
        {
            NodeSettings settings = parse.ReadSettings();
            if (StateLock.IsHeld(HostIdentity.LockFile(settings.StateDirectory))) return ExitCodes.Success; // the host keeps its deadlines itself
            using ILoggerFactory logs = AgentLogging.Create(settings.Log, toStandardError: false);
            using var engine = new EngineClient(settings.EngineAddress().Uri);
            var watchdog = new DeadlineWatchdog(
                new ContainerDeadlines(settings.StateDirectory, logs.CreateLogger<ContainerDeadlines>()),
                new ContainerRuntime(engine, logs.CreateLogger<ContainerRuntime>()),
                new HardeningProfile().StopGrace, TimeProvider.System, logs.CreateLogger<DeadlineWatchdog>());
            await watchdog.EndOverdueAsync(cancel);
            return ExitCodes.Success;
        }, cancel));
        return command;
    }
}
