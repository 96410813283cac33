using System.CommandLine;
using Nosana.Node.Cli.Output;
using Nosana.Node.Hosting;
using Nosana.Node.Ssh.Process;

namespace Nosana.Node.Cli;

/// <summary><c>ssh-process</c>: the process that speaks SSH. The agent starts it; it is nothing for people.</summary>
internal static class SshProcessCommand
{
    public static Command Create()
    {
        var directory = new Argument<string>("directory");
        var confined = new Option<bool>(Confinement.Word);
        var command = new Command(SettingsUse.SshVerb) { directory, confined };
        command.Hidden = true;
        command.SetAction(parse => SshProcess.Run(
            parse.GetRequiredValue(directory), parse.GetValue(confined), System.Console.OpenStandardInput(), Terminal.WriteError));
        return command;
    }
}
