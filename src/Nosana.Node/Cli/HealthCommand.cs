using System.CommandLine;
using System.Text.Json;
using Nosana.Node.Cli.Options;
using Nosana.Node.Cli.Output;
using Nosana.Node.Hosting;
using Nosana.Node.Hosting.Settings;
using Nosana.Node.Operations;

namespace Nosana.Node.Cli;

/// <summary><c>health</c>: whether the host of a state directory lives, for a container's health check; its exit code says it.</summary>
internal static class HealthCommand
{
    public static Command Create()
    {
        var command = new Command("health", "whether the host that uses a state directory is alive, and what it does; exit code 1 when it is not");
        command.AddSettings(SettingGroup.State);
        command.SetAction((parse, cancel) => NodeCommand.GuardAsync(() =>
        {
            AgentStatus status = Read(new StatusFile(parse.ReadSettings().StateDirectory));
            if (status.Problem(TimeProvider.System.GetUtcNow()) is { } problem) throw new CommandException(problem);
            Terminal.WriteLine(status.Slot.Text);
            return Task.FromResult(ExitCodes.Success);
        }, cancel));
        return command;
    }

    private static AgentStatus Read(StatusFile file)
    {
        try
        {
            return file.Read()
                ?? throw new CommandException($"No host serves: there is no {file.Path}. Start one, or name its directory with --state.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new CommandException($"The status {file.Path} cannot be read: {e.Message} Ask as the user whom the host runs as.", inner: e);
        }
    }
}
