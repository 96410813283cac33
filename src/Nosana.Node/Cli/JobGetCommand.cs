using System.CommandLine;
using System.Text.Json.Nodes;
using Nosana.Ipfs.Http;
using Nosana.Node.Cli.Options;
using Nosana.Node.Cli.Output;
using Nosana.Node.Hosting;
using Nosana.Node.Hosting.Settings;
using Nosana.Node.Posting;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Cli;

/// <summary><c>job get</c>: a job's state, and how it ended.</summary>
internal static class JobGetCommand
{
    /// <summary>How the exit code tells the ends of a job that was waited for.</summary>
    public const string WaitDescription = "wait until the job has ended and tell its end by the exit code: 0 completed, 1 failed, 3 stopped, 4 given back";

    public static Command Create()
    {
        var answer = new CommandOutput();
        Argument<string> address = JobCommand.AddressArgument();
        var wait = new Option<bool>("--wait") { Description = WaitDescription };
        var get = new Command("get", "print a job's state, and its result when it has one") { address, wait };
        get.AddSettings(SettingGroup.Network);
        answer.AddTo(get);
        get.SetAction((parse, cancel) => JobCommand.GuardAsync(async () =>
        {
            NetworkSettings settings = parse.ReadNetwork();
            PublicKey job = Addresses.Parse(parse.GetRequiredValue(address));
            using ChainAccess access = new(settings, StandardErrorLog.Factory);
            using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
            JobEnding ending = EndingOf(settings, access.Chain, http);
            FoundJob found = parse.GetValue(wait) ? await ending.WaitAsync(job, cancel) : await new JobSearch(access.Chain).RequireAsync(job, cancel);
            return await AnswerAsync(parse, answer, ending, found, parse.GetValue(wait), cancel);
        }, cancel));
        return get;
    }

    public static JobEnding EndingOf(NetworkSettings settings, Chain.NosanaChain chain, HttpClient http) =>
        new(chain, new IpfsGatewayClient(http, new IpfsGatewayOptions { Gateways = settings.IpfsGateways }), TimeProvider.System);

    /// <summary>Says all of a job: its facts on standard output, an end that is not a good one on standard error, too.</summary>
    /// <param name="waited">Whether the exit code tells the end; else it tells only whether it could be read.</param>
    public static async Task<int> AnswerAsync(ParseResult parse, CommandOutput answer, JobEnding ending, FoundJob found, bool waited, CancellationToken cancel)
    {
        (JobEnd? end, JsonNode? result) = await ending.ReadAsync(found, cancel);
        JsonObject facts = JobAnswer.Describe(found);
        if (end is not null) JobAnswer.Add(facts, end, result);
        answer.Write(parse, facts);
        if (end is null) return ExitCodes.Success;
        if (JobAnswer.Sentence(found, end) is { } sentence) Terminal.WriteError(sentence);
        return waited || end.Kind == JobEndKind.Unknown ? JobAnswer.ExitCode(end) : ExitCodes.Success;
    }
}
