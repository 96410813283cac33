using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nosana.Ipfs;
using Nosana.Ipfs.Http;
using Nosana.JobDefinition;
using Nosana.JobDefinition.Faults;
using Nosana.JobDefinition.Reading;
using Nosana.Node.Chain;
using Nosana.Node.Cli.Options;
using Nosana.Node.Cli.Output;
using Nosana.Node.Hosting;
using Nosana.Node.Market;
using Nosana.Node.Posting;
using Nosana.Programs.Accounts;
using Nosana.Programs.Money;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Cli;

/// <summary><c>job post|get|list|end|extend|delist|recover</c>: a poster's side of the market.</summary>
internal static class JobCommand
{
    private static readonly TimeSpan WaitInterval = TimeSpan.FromMilliseconds(250);

    public static Command Create()
    {
        var command = new Command("job", "post jobs and look after them");
        command.Subcommands.Add(Post());
        command.Subcommands.Add(Get());
        command.Subcommands.Add(JobListCommand.Create());
        command.Subcommands.Add(OnJob("end", "stop a running job: its host is paid for the time so far, the rest comes back", async (_, poster, job, cancel) =>
        {
            await poster.EndAsync(job, cancel);
            return new JsonObject { ["job"] = job.Key, ["ended"] = true };
        }));
        command.Subcommands.Add(OnJob("delist", "take a queued job back with its deposit", async (_, poster, job, cancel) =>
        {
            await poster.DelistAsync(job, cancel);
            return new JsonObject { ["job"] = job.Key, ["delisted"] = true };
        }));
        command.Subcommands.Add(OnJob("recover", "take back the deposit of a job that its host gave back", async (_, poster, job, cancel) =>
        {
            ulong deposit = await poster.RecoverAsync(job, cancel);
            return new JsonObject { ["job"] = job.Key, ["recovered"] = $"{Amount.FormatNos(deposit)} NOS", ["recoveredMicroNos"] = deposit };
        }));
        command.Subcommands.Add(Extend());
        return command;
    }

    private static Command Post()
    {
        var network = new NetworkOptions();
        var key = new KeyOptions();
        var answer = new CommandOutput();
        var file = new Argument<string>("file") { Description = "job definition, JSON or YAML" };
        var market = new Option<string?>("--market") { Description = "market to list on; that of the embedded network when absent" };
        var timeout = new Option<long>("--timeout") { Description = "seconds the job may run", DefaultValueFactory = _ => 3600 };
        var wait = new Option<bool>("--wait") { Description = "wait until the job has ended and print its end" };
        var post = new Command("post", "pin a definition and list it on a market") { file, market, timeout, wait };
        network.AddTo(post);
        key.AddTo(post);
        answer.AddTo(post);
        post.SetAction((parse, cancel) => NodeCommand.GuardAsync(() => PosterErrors(async () =>
        {
            NetworkSettings settings = network.Read(parse);
            PublicKey marketAddress = Addresses.Parse(parse.GetValue(market) ?? settings.DefaultMarket ?? throw new CommandException("Which market? Give --market.", ExitCodes.Refused));
            byte[] definition = ReadDefinition(parse.GetRequiredValue(file));
            using Account account = key.Load(parse);
            using ChainAccess access = new(settings, StandardErrorLog.Factory);
            using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
            PinResult pinned = await new IpfsPinningClient(http, new IpfsPinningOptions { Api = settings.IpfsApi, Credential = settings.IpfsCredential }).PinJsonAsync(definition, cancel);
            PublicKey job = await new JobPoster(access.Chain, access.Outbox, account).ListAsync(pinned.Cid, marketAddress, parse.GetValue(timeout), cancel);
            if (parse.GetValue(wait)) await UntilEndedAsync(access.Chain, job, cancel);
            answer.Write(parse, await DescribeAsync(settings, access.Chain, http, job, parse.GetValue(wait), cancel));
            return ExitCodes.Success;
        }), cancel));
        return post;
    }

    private static Command Get()
    {
        var network = new NetworkOptions();
        var answer = new CommandOutput();
        var address = new Argument<string>("job") { Description = "address of the job" };
        var wait = new Option<bool>("--wait") { Description = "wait until the job has ended" };
        var get = new Command("get", "print a job's state, and its result when it has one") { address, wait };
        network.AddTo(get);
        answer.AddTo(get);
        get.SetAction((parse, cancel) => NodeCommand.GuardAsync(() => PosterErrors(async () =>
        {
            NetworkSettings settings = network.Read(parse);
            PublicKey job = Addresses.Parse(parse.GetRequiredValue(address));
            using ChainAccess access = new(settings, StandardErrorLog.Factory);
            using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
            if (parse.GetValue(wait)) await UntilEndedAsync(access.Chain, job, cancel);
            answer.Write(parse, await DescribeAsync(settings, access.Chain, http, job, withResult: true, cancel));
            return ExitCodes.Success;
        }), cancel));
        return get;
    }

    private static Command Extend()
    {
        var seconds = new Option<long>("--seconds") { Description = "seconds to add", Required = true };
        Command extend = OnJob("extend", "pay for more seconds of a queued or running job", async (parse, poster, job, cancel) =>
            new JsonObject { ["job"] = job.Key, ["timeout"] = await poster.ExtendAsync(job, parse.GetValue(seconds), cancel) });
        extend.Options.Add(seconds);
        return extend;
    }

    private static Command OnJob(string name, string description, Func<ParseResult, JobPoster, PublicKey, CancellationToken, Task<JsonObject>> action)
    {
        var network = new NetworkOptions();
        var key = new KeyOptions();
        var answer = new CommandOutput();
        var address = new Argument<string>("job") { Description = "address of the job" };
        var command = new Command(name, description) { address };
        network.AddTo(command);
        key.AddTo(command);
        answer.AddTo(command);
        command.SetAction((parse, cancel) => NodeCommand.GuardAsync(() => PosterErrors(async () =>
        {
            PublicKey job = Addresses.Parse(parse.GetRequiredValue(address));
            using Account account = key.Load(parse);
            using ChainAccess access = new(network.Read(parse), StandardErrorLog.Factory);
            answer.Write(parse, await action(parse, new JobPoster(access.Chain, access.Outbox, account), job, cancel));
            return ExitCodes.Success;
        }), cancel));
        return command;
    }

    private static async Task<int> PosterErrors(Func<Task<int>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception e) when (e is PosterException or MarketGoneException)
        {
            throw new CommandException(e.Message, ExitCodes.Failed, e);
        }
    }

    private static byte[] ReadDefinition(string file)
    {
        byte[] content = DefinitionFiles.Read(file);
        LoadedDefinition loaded = DefinitionLoader.LoadFile(file, content);
        if (!loaded.IsValid) throw DefinitionFiles.NotValid(file, loaded.Errors);
        foreach (DefinitionFault warning in loaded.Warnings) System.Console.Error.WriteLine($"{file}: {warning}");
        return loaded.Definition.Json.ToArray();
    }

    private static async Task UntilEndedAsync(NosanaChain chain, PublicKey job, CancellationToken cancel)
    {
        while (await chain.FindJobAsync(job, cancel) is { } account)
        {
            if (account.State == JobState.Stopped || account.State == JobState.Done && account.HasResult) return;
            await Task.Delay(WaitInterval, cancel);
        }
    }

    private static async Task<JsonObject> DescribeAsync(NetworkSettings settings, NosanaChain chain, HttpClient http, PublicKey job, bool withResult, CancellationToken cancel)
    {
        JobAccount account = await chain.FindJobAsync(job, cancel) ?? throw new PosterException($"Job {job} does not exist on this network: check the address and --network, or it was closed already.");
        ObservedRun? run = account.State == JobState.Done ? null : await chain.FindRunOfJobAsync(job, cancel);
        bool done = account.State == JobState.Done;
        var facts = new JsonObject
        {
            ["job"] = job.Key,
            ["state"] = JobPoster.StateWord(account, run is not null),
            ["market"] = account.Market.Key,
            ["node"] = run?.Run.Node.Key ?? (account.Node.IsZero ? null : account.Node.Key),
            ["payer"] = account.Payer.Key,
            ["project"] = account.Project.Key,
            ["price"] = account.Price,
            ["timeout"] = account.Timeout,
            ["timeStart"] = done ? account.TimeStart : run?.Run.Time,
            ["timeEnd"] = done ? account.TimeEnd : null,
            ["paidMicroNos"] = done ? JobPayment.Reimbursement(account.Price, account.TimeStart, account.TimeEnd, account.Timeout) : null,
            ["definition"] = Cid.FromDigest(account.IpfsJob).ToString(),
            ["resultCid"] = account.HasResult ? Cid.FromDigest(account.IpfsResult).ToString() : null,
        };
        if (!withResult || !account.HasResult) return facts;
        var gateway = new IpfsGatewayClient(http, new IpfsGatewayOptions { Gateways = settings.IpfsGateways });
        byte[] result = await gateway.FetchAsync(Cid.FromDigest(account.IpfsResult), MaxResultBytes, cancel);
        facts["result"] = JsonNode.Parse(result, documentOptions: new JsonDocumentOptions { MaxDepth = 256 });
        return facts;
    }

    // A few operations with 4 MiB of log each, as JSON text.
    private const long MaxResultBytes = 256L * 1024 * 1024;
}
