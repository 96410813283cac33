using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Deployments.Chain;
using Nosana.Deployments.Model;
using Nosana.Deployments.Reconciling;
using Nosana.Deployments.Store;
using Nosana.Deployments.Vaults;
using Nosana.Ipfs.Http;
using Nosana.LocalNet;
using Nosana.LocalNet.Genesis;
using Nosana.Programs;
using Nosana.Programs.Accounts;
using Nosana.Programs.Instructions;
using Nosana.Solana.Programs;
using Nosana.Solana.Rpc;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Rpc.Sending;
using Nosana.Solana.Wallet;
using Nosana.Testing;

namespace Nosana.EndToEnd.Tests.Deployments;

/// <summary>An embedded network with a driven clock, a store, a vault with funds and the reconciler: all of the manager but its API and its cluster.</summary>
internal sealed class DeploymentNetwork : IAsyncDisposable
{
    /// <summary>Micro-NOS a second on the network's market.</summary>
    public const ulong Price = 100;

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"nosana_{Guid.NewGuid():n}.db");
    private readonly DeploymentDatabase _database;
    private readonly HttpClient _http = new();
    private readonly RpcClient _rpc;
    private readonly TransactionSender _sender;
    private readonly JobsInstructions _jobs;
    private readonly VaultKeeper _vaults;

    private DeploymentNetwork(LocalNetServer server, ManualTimeProvider clock)
    {
        Server = server;
        Clock = clock;
        _rpc = new RpcClient(new RpcClientOptions { Endpoints = [server.RpcUri] }, NullLogger<RpcClient>.Instance);
        _sender = new TransactionSender(_rpc, NullLogger<TransactionSender>.Instance, new TransactionSenderOptions
        {
            FastPollInterval = TimeSpan.FromMilliseconds(5),
            PollInterval = TimeSpan.FromMilliseconds(5),
            BlockhashMaxAge = TimeSpan.Zero,
        });
        _jobs = new JobsInstructions(Programs);
        _database = DeploymentDatabase.Sqlite(_path);
        Store = new DeploymentStore(_database, clock);
        _vaults = new VaultKeeper(Store, new VaultCipher(MasterKey.Read("a text that only this test knows: 7391")));
        Chain = new NosanaDeploymentChain(_rpc, _sender, Programs, _vaults);
        var documents = new JobDocuments(new IpfsPinningClient(_http, new IpfsPinningOptions { Api = server.PinningUri, Credential = "x" }), new Uri("http://manager.test"));
        Reconciler = new DeploymentReconciler(Store, Chain, documents, clock, new ReconcilingOptions(), NullLogger<DeploymentReconciler>.Instance);
    }

    public LocalNetServer Server { get; }

    public ManualTimeProvider Clock { get; }

    public DeploymentStore Store { get; }

    public NosanaDeploymentChain Chain { get; }

    public DeploymentReconciler Reconciler { get; }

    public string Vault { get; private set; } = "";

    public ProgramAddresses Programs => Server.Sets[0].Programs;

    public PublicKey Market => Server.Sets[0].Market;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<DeploymentNetwork> StartAsync(ulong microNos = 10_000_000)
    {
        var clock = new ManualTimeProvider();
        var network = new DeploymentNetwork(await LocalNetServer.StartAsync(new LocalNetOptions { Port = 0, TimeProvider = clock }, Stop), clock);
        await network._database.MigrateAsync(Stop);
        network.Vault = (await network._vaults.GetOrCreateAsync("owner", Stop)).Vault;
        await network.FundAsync(microNos, lamports: 100_000_000);
        return network;
    }

    /// <summary>The network's poster sends some to the vault.</summary>
    public async Task FundAsync(ulong microNos, ulong lamports = 0)
    {
        var vault = new PublicKey(Vault);
        PublicKey poster = Server.Keys.Poster.PublicKey;
        List<TransactionInstruction> instructions = [];
        if (lamports > 0) instructions.Add(SystemProgram.Transfer(poster, vault, lamports));
        if (microNos > 0)
        {
            instructions.Add(AssociatedTokenAccountProgram.CreateIdempotent(poster, vault, Programs.NosMint));
            instructions.Add(TokenProgram.Transfer(Programs.NosTokenAccount(poster), Programs.NosTokenAccount(vault), microNos, poster));
        }
        await SendAsync(instructions, Server.Keys.Poster);
    }

    public Task<Funds> FundsAsync() => Chain.FundsAsync(Vault, Stop);

    public async Task<string> StartDeploymentAsync(Func<Deployment, Deployment> with)
    {
        Deployment made = with(new Deployment
        {
            Id = new Account().PublicKey.Key,
            Name = "one",
            Owner = "owner",
            Vault = Vault,
            Market = Market.Key,
            Status = DeploymentStatus.Draft,
            Strategy = DeploymentStrategy.Simple,
            Replicas = 1,
            Timeout = TimeSpan.FromHours(1),
        });
        await Store.CreateAsync(made, """{"version":"0.1","type":"container","ops":[]}""", null, [], Stop);
        await TriggerAsync(made.Id, Trigger.Start);
        return made.Id;
    }

    public async Task TriggerAsync(string id, Trigger trigger)
    {
        Deployment deployment = await FindAsync(id);
        Assert.NotNull(await Store.TrySaveAsync(new DeploymentChange(deployment with
        {
            Status = Transitions.Find(deployment.Status, trigger)!.Value,
            Run = deployment.Run + (trigger == Trigger.Start ? 1 : 0),
            NextAt = Clock.GetUtcNow(),
        }), Stop));
    }

    public async Task<Deployment> FindAsync(string id) => (await Store.FindAsync(id, Stop))!;

    public async Task<IReadOnlyList<DeploymentJob>> JobsAsync(string id) =>
        (await Store.ListJobsAsync(new JobFilter(id), new PageRequest(100, IsAscending: true), Stop)).Items;

    public async Task<IReadOnlyList<string>> EventsAsync(string id) => [.. (await Store.EventsAfterAsync(id, 0, cancellationToken: Stop)).Select(one => one.Type)];

    /// <summary>Looks until nothing is left to be done now.</summary>
    public async Task SettleAsync(string id)
    {
        while (await Reconciler.LookAsync(id, Stop) != PassResult.Done) Stop.ThrowIfCancellationRequested();
    }

    /// <summary>Time passes on the chain and here, and everything that comes due is looked at.</summary>
    public async Task AfterAsync(string id, TimeSpan time)
    {
        Clock.Advance(time);
        await SettleAsync(id);
    }

    /// <summary>The network's host takes the oldest job of the market, or a place in its queue.</summary>
    public async Task<PublicKey> WorkAsync()
    {
        using var run = new Account();
        Account host = Server.Keys.Host;
        await SendAsync([_jobs.Work(run.PublicKey, Market, host.PublicKey)], host, run);
        return run.PublicKey;
    }

    public async Task QuitAsync(string job)
    {
        (PublicKey run, _) = await RunAsync(job);
        await SendAsync([_jobs.Quit(new PublicKey(job), run, Server.Keys.Host.PublicKey)], Server.Keys.Host);
    }

    public async Task FinishAsync(string job)
    {
        (PublicKey address, SeenJob seen) = await RunAsync(job);
        byte[] result = new byte[JobAccount.DigestLength];
        result[0] = 1;
        await SendAsync([_jobs.Finish(new PublicKey(job), seen.Account, address, seen.Run!, result)], Server.Keys.Host);
    }

    public async Task<SeenJob?> SeeAsync(string job) => (await Chain.LookAtJobsAsync([job], Stop)).Jobs.GetValueOrDefault(job);

    public async ValueTask DisposeAsync()
    {
        _sender.Dispose();
        _rpc.Dispose();
        _http.Dispose();
        await Server.DisposeAsync();
        _database.Dispose();
        foreach (string ending in (string[])["", "-wal", "-shm"]) File.Delete(_path + ending);
    }

    private async Task<(PublicKey Address, SeenJob Seen)> RunAsync(string job)
    {
        SeenJob seen = (await SeeAsync(job))!;
        Assert.NotNull(seen.Run);
        return (seen.RunAddress, seen);
    }

    private async Task SendAsync(IReadOnlyList<TransactionInstruction> instructions, params Account[] signers) =>
        Assert.IsType<TransactionOutcome.Confirmed>(await _sender.SendAsync(instructions, signers, cancellationToken: Stop));
}
