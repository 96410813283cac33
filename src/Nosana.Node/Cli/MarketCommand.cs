using System.CommandLine;
using Nosana.Programs.Accounts;

namespace Nosana.Node.Cli;

/// <summary><c>market get|list</c>: markets, their terms and their queues.</summary>
internal static class MarketCommand
{
    public static Command Create()
    {
        var command = new Command("market", "look at markets");
        command.Subcommands.Add(MarketGetCommand.Create());
        command.Subcommands.Add(MarketListCommand.Create());
        return command;
    }

    /// <summary>The queue's type in the words of the network's clients; an empty queue has none.</summary>
    public static string QueueWord(MarketAccount market) => market.QueueType switch
    {
        QueueType.Job => "JOB_QUEUE",
        QueueType.Node => "NODE_QUEUE",
        _ => "EMPTY",
    };
}
