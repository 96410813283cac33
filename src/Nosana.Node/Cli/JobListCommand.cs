using System.CommandLine;
using System.Text.Json.Nodes;
using Nosana.Ipfs;
using Nosana.Node.Cli.Options;
using Nosana.Node.Cli.Output;
using Nosana.Node.Hosting;
using Nosana.Node.Hosting.Settings;
using Nosana.Node.Posting;
using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Cli;

/// <summary><c>job list</c>: jobs by market, poster, host and state.</summary>
internal static class JobListCommand
{
    private const int DefaultLimit = 100;

    public static Command Create()
    {
        var answer = new CommandOutput();
        var market = new Option<string?>("--market") { Description = "only jobs of this market" };
        var project = new Option<string?>("--project", "--poster")
        {
            Description = "only jobs of this poster; without an address those of --key",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var node = new Option<string?>("--node") { Description = "only jobs that this host runs or ran" };
        var state = new Option<string?>("--state") { Description = "only jobs that are queued, running, completed or stopped" };
        state.AcceptOnlyFromAmong("queued", "running", "completed", "stopped");
        var limit = new Option<int>("--limit")
        {
            Description = "print at most so many: waiting ones, then the newest",
            DefaultValueFactory = _ => DefaultLimit,
        };
        var list = new Command("list", "print jobs: state, host, price, times") { market, project, node, state, limit };
        list.AddSettings(SettingGroup.Network, SettingGroup.Wallet);
        answer.AddTo(list);
        list.SetAction((parse, cancel) => NodeCommand.GuardAsync(async () =>
        {
            var query = new JobQuery(
                Parse(parse.GetValue(market)),
                parse.GetResult(project) is null ? null : Parse(parse.GetValue(project)) ?? KeyFile.ReadAddress(parse.ReadSettings().KeyFile),
                Parse(parse.GetValue(node)),
                parse.GetValue(state)?.ToUpperInvariant());
            if (parse.GetValue(limit) < 1) throw new CommandException("--limit must be at least 1.", ExitCodes.Refused);
            using ChainAccess access = new(parse.ReadNetwork(), StandardErrorLog.Factory);
            IReadOnlyList<FoundJob> found = await new JobSearch(access.Chain).FindAsync(query, cancel);
            answer.WriteRows(parse, new JsonArray([.. found.Take(parse.GetValue(limit)).Select(Describe)]), "No job matches.");
            if (found.Count > parse.GetValue(limit)) Terminal.WriteError($"{parse.GetValue(limit)} of {found.Count} jobs; --limit shows more.");
            return ExitCodes.Success;
        }, cancel));
        return list;
    }

    internal static JsonNode Describe(FoundJob found) => new JsonObject
    {
        ["job"] = found.Address.Key,
        ["state"] = found.State,
        ["market"] = found.Job.Market.Key,
        ["node"] = found.Node.IsZero ? null : found.Node.Key,
        ["project"] = found.Job.Project.Key,
        ["price"] = found.Job.Price,
        ["timeout"] = found.Job.Timeout,
        ["timeStart"] = found.TimeStart == 0 ? null : found.TimeStart,
        ["timeEnd"] = found.Job.State == JobState.Done ? found.Job.TimeEnd : null,
        ["definition"] = Cid.FromDigest(found.Job.IpfsJob).ToString(),
    };

    private static PublicKey? Parse(string? text) => text is null ? null : Addresses.Parse(text);
}
