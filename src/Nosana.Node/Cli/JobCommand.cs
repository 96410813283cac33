using System.CommandLine;
using Nosana.Node.Chain;
using Nosana.Node.Hosting;
using Nosana.Node.Posting;

namespace Nosana.Node.Cli;

/// <summary><c>job post|get|list|end|extend|delist|recover</c>: a poster's side of the market.</summary>
internal static class JobCommand
{
    public static Command Create()
    {
        var command = new Command("job", "post jobs and look after them");
        command.Subcommands.Add(JobPostCommand.Create());
        command.Subcommands.Add(JobGetCommand.Create());
        command.Subcommands.Add(JobListCommand.Create());
        command.Subcommands.Add(JobEndCommand.Create());
        command.Subcommands.Add(JobExtendCommand.Create());
        command.Subcommands.Add(JobDelistCommand.Create());
        command.Subcommands.Add(JobRecoverCommand.Create());
        return command;
    }

    public static Argument<string> AddressArgument() => new("job") { Description = "address of the job" };

    /// <summary>Runs the action of one of these verbs: what a poster cannot have becomes a sentence and an exit code.</summary>
    public static Task<int> GuardAsync(Func<Task<int>> action, CancellationToken cancel) => NodeCommand.GuardAsync(async () =>
    {
        try
        {
            return await action();
        }
        catch (PosterInputException e)
        {
            throw new CommandException(e.Message, ExitCodes.Refused, e);
        }
        catch (Exception e) when (e is PosterException or MarketGoneException)
        {
            throw new CommandException(e.Message, ExitCodes.Failed, e);
        }
    }, cancel);
}
