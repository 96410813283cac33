using System.CommandLine;
using System.Text.Json.Nodes;
using Nosana.Node.Cli.Output;
using Nosana.Node.Hosting;
using Nosana.Node.Posting;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Cli;

/// <summary>What the verbs on a job of one's own have in common.</summary>
internal static class OwnJobCommand
{
    /// <param name="action">What it does to the job; returns what to answer beside the job's address.</param>
    public static Command Create(string name, string description, Func<ParseResult, JobPoster, PublicKey, CancellationToken, Task<JsonObject>> action)
    {
        var options = new PosterOptions();
        var answer = new CommandOutput();
        Argument<string> address = JobCommand.AddressArgument();
        var command = new Command(name, description) { address };
        options.AddTo(command);
        answer.AddTo(command);
        command.SetAction((parse, cancel) => JobCommand.GuardAsync(async () =>
        {
            PublicKey job = Addresses.Parse(parse.GetRequiredValue(address));
            using Poster poster = options.Open(parse);
            JsonObject facts = await action(parse, poster.Jobs, job, cancel);
            facts.Insert(0, "job", job.Key);
            answer.Write(parse, facts);
            return ExitCodes.Success;
        }, cancel));
        return command;
    }
}
