using System.CommandLine;
using Nosana.Ipfs;
using Nosana.Ipfs.Http;
using Nosana.JobDefinition;
using Nosana.Node.Cli.Options;
using Nosana.Node.Cli.Output;
using Nosana.Node.Hosting;
using Nosana.Node.Posting;
using Nosana.Programs.Money;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Cli;

/// <summary><c>job post</c>: pins a definition and lists it.</summary>
internal static class JobPostCommand
{
    public static Command Create()
    {
        var options = new PosterOptions();
        var answer = new CommandOutput();
        Argument<string> file = DefinitionArgument.Create();
        var market = new Option<string?>("--market") { Description = "market to list on; that of the embedded network when absent" };
        var timeout = new Option<long?>("--timeout")
        {
            Description = $"seconds the job may run, 1 to what the market allows (default {JobPoster.DefaultTimeout}, or less where the market allows less)",
        };
        var wait = new Option<bool>("--wait") { Description = JobGetCommand.WaitDescription };
        var post = new Command("post", "pin a definition and list it on a market") { file, market, timeout, wait };
        options.AddTo(post);
        answer.AddTo(post);
        post.SetAction((parse, cancel) => JobCommand.GuardAsync(async () =>
        {
            JobPoster.CheckTimeout(parse.GetValue(timeout));
            NetworkSettings settings = parse.ReadNetwork();
            PublicKey marketAddress = Addresses.Parse(
                parse.GetValue(market) ?? settings.DefaultMarket ?? throw new CommandException("Which market? Give --market.", ExitCodes.Refused));
            DefinitionText text = await DefinitionArgument.ReadAsync(parse.GetRequiredValue(file), parse, cancel);
            byte[] definition = Check(text);
            using Poster poster = options.Open(parse);
            using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
            var pinning = new IpfsPinningClient(http, new IpfsPinningOptions { Api = settings.IpfsApi, Credential = settings.IpfsCredential });
            async Task<Cid> PinAsync(CancellationToken token) => text.Cid ?? (await pinning.PinAsync(definition, token)).Computed;
            PostedJob posted = await poster.Posting.PostAsync(definition, marketAddress, parse.GetValue(timeout), PinAsync, new Progress(), cancel);
            if (posted.ByEarlierTry)
                Terminal.WriteError("An earlier try of this post had listed it: nothing was sent now. The same command again lists another one.");
            JobEnding ending = JobGetCommand.EndingOf(settings, poster.Chain, http);
            FoundJob found = await ending.ListedAsync(posted.Job, cancel);
            if (parse.GetValue(wait))
                return await JobGetCommand.AnswerAsync(parse, answer, ending, await ending.WaitAsync(posted.Job, cancel), waited: true, cancel);
            answer.Write(parse, JobAnswer.Describe(found));
            return ExitCodes.Success;
        }, cancel));
        return post;
    }

    private static byte[] Check(DefinitionText text)
    {
        LoadedDefinition loaded = text.Load();
        // What no host can plan is refused before anything is paid.
        if (!loaded.CanRun) throw DefinitionArgument.Invalid(text.Name, loaded.Faults);
        DefinitionArgument.Warn(text.Name, loaded.Warnings);
        return loaded.Definition.Json.ToArray();
    }

    /// <summary>Says on standard error what is about to happen: whoever is killed in the middle has told the job's address.</summary>
    private sealed class Progress : IPostingProgress
    {
        public void Settling(PublicKey job) => Terminal.WriteError(
            $"An earlier try of this post may have listed job {job}: asking the chain what became of it, which may take two minutes.");

        public void Listing(PublicKey job, ListingTerms terms) => Terminal.WriteError(
            $"Listing job {job} on market {terms.Market} for {terms.Timeout} s, deposit {Amount.FormatNos(terms.Deposit)} NOS. "
            + "If this is cut off, the same command again finds out what became of it before it pays for another.");

        public void Listed(PublicKey job) => Terminal.WriteError($"Job {job} is listed.");
    }
}
