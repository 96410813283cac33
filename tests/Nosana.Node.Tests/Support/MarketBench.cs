using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Ipfs;
using Nosana.Ipfs.Http;
using Nosana.LocalNet;
using Nosana.LocalNet.Runtime;
using Nosana.Node.Chain;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Gpus;
using Nosana.Node.Journal;
using Nosana.Node.Market;
using Nosana.Node.Posting;
using Nosana.Node.Tests.Logs;
using Nosana.Programs.Accounts;
using Nosana.Solana.Rpc;
using Nosana.Solana.Rpc.Sending;
using Nosana.Solana.Rpc.Streaming;
using Nosana.Solana.Wallet;
using Nosana.Testing;

namespace Nosana.Node.Tests.Support;

/// <summary>
/// A host on an embedded network of its own on loopback, with the rooms of the market stepped by hand and a fake engine below. The chain's clock
/// stands still unless a test moves it; the host's own waits take milliseconds or stand still with it.
/// </summary>
internal sealed class MarketBench : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly HttpClient _http = new();
    private readonly TransactionSender _sender;
    private readonly TransactionSender _posterSender;

    private MarketBench(LocalNetServer server, ManualTimeProvider clock)
    {
        Server = server;
        Clock = clock;
        Rpc = new RpcClient(new RpcClientOptions { Endpoints = [server.RpcUri] }, NullLogger<RpcClient>.Instance);
        Chain = new NosanaChain(Rpc, server.Sets[0].Programs);
        Wallet = new HostWallet(server.Keys.Host);
        Journal = OpenJournal();
        PosterJournal = JournalStore.InMemory(clock);
        _sender = new TransactionSender(Rpc, NullLogger<TransactionSender>.Instance, Sending);
        _posterSender = new TransactionSender(Rpc, NullLogger<TransactionSender>.Instance, Sending);
        Served = new ServedMarket(new MarketMembership(server.Sets[0].Market, null));
        Slot = new MarketSlot(Served, new FakeSlotGpus(() => new GpuSlotSnapshot { Gpus = [], Absence = "no driver" }));
        Poster = new JobPoster(Chain, PosterOutbox, server.Keys.Poster);
        Bench = new JobBench();
        Refusals = new RefusalPolicy(clock, Journal);
    }

    private static TransactionSenderOptions Sending => new()
    {
        ComputeBudget = null,
        FastPollInterval = TimeSpan.FromMilliseconds(5),
        PollInterval = TimeSpan.FromMilliseconds(5),
        BlockhashMaxAge = TimeSpan.Zero,
    };

    public LocalNetServer Server { get; }

    /// <summary>The chain's clock, and that of the host's timers.</summary>
    public ManualTimeProvider Clock { get; }

    public RpcClient Rpc { get; }

    public NosanaChain Chain { get; }

    public HostWallet Wallet { get; }

    public JournalStore Journal { get; private set; }

    public ServedMarket Served { get; }

    /// <summary>What the operator says.</summary>
    public WorkIntake Intake { get; private set; } = new();

    public ContainerDeadlines Deadlines => new(_directory.Path, NullLogger<ContainerDeadlines>.Instance);

    public MarketSlot Slot { get; }

    public JobPoster Poster { get; }

    public JournalStore PosterJournal { get; }

    public TransactionOutbox PosterOutbox => new(_posterSender, PosterJournal, NullLogger<TransactionOutbox>.Instance);

    /// <summary>The jobs' engine and its scripts.</summary>
    public JobBench Bench { get; }

    public RefusalPolicy Refusals { get; private set; }

    /// <summary>What the health of the host is.</summary>
    public string? HostProblem { get; set; }

    public TransactionOutbox Outbox => new(_sender, Journal, NullLogger<TransactionOutbox>.Instance);

    public RunSettlement Settlement => new(Chain, Outbox, Wallet, Clock, NullLogger<RunSettlement>.Instance);

    public OwedPins OwedPins => new(Pinning, Journal, Clock, NullLogger<OwedPins>.Instance);

    public MarketQueue Queue => new(Chain, Outbox, Wallet, Served, NullLogger<MarketQueue>.Instance);

    public RunSession Session => new(
        Chain, null,
        new DefinitionFetcher(new IpfsGatewayClient(_http, new IpfsGatewayOptions { Gateways = [Server.GatewayUri] }), Clock),
        new ResultPublisher(Pinning, Clock, NullLogger<ResultPublisher>.Instance),
        Settlement, Bench.Runners, Bench.Results, Bench.Reaper, Intake, Deadlines, Journal, Wallet, Clock, NullLoggerFactory.Instance);

    private IpfsPinningClient Pinning => new(_http, new IpfsPinningOptions { Api = Server.PinningUri, Credential = "x" });

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<MarketBench> StartAsync()
    {
        var clock = new ManualTimeProvider();
        return new MarketBench(await LocalNetServer.StartAsync(new LocalNetOptions { Port = 0, TimeProvider = clock }, Cancel), clock);
    }

    public RunWatcher Watcher(IStreamingRpcClient? stream = null) => new(Chain, stream, Wallet, Clock, NullLogger<RunWatcher>.Instance);

    public MarketWorker Worker(RunWatcher? watcher = null, IdleTask? idle = null) => new(
        Chain, watcher ?? Watcher(), Queue, Session, Refusals, Journal, Wallet, Slot, Served, Intake, new FakeHostHealth(() => HostProblem),
        new IdleTaskRunner(NullLogger<IdleTaskRunner>.Instance, idle), Clock, NullLogger<MarketWorker>.Instance);

    /// <summary>A definition of one operation, pinned and listed by the poster.</summary>
    public async Task<PublicKey> ListAsync(string? definition = null, long timeout = 3600) =>
        await Poster.ListAsync(Pin(definition ?? $$"""{"version":"0.1","type":"container","ops":[{{JobBench.Op("a")}}]}"""), Slot.Market, timeout, Cancel);

    public Cid Pin(string json) => Server.Content.Add(Encoding.UTF8.GetBytes(json), Clock.GetUtcNow());

    /// <summary>A job that this host has on chain: listed, and taken by a <c>work</c>.</summary>
    public async Task<(PublicKey Job, ObservedRun Run)> ClaimAsync(string? definition = null, long timeout = 3600)
    {
        PublicKey job = await ListAsync(definition, timeout);
        await Queue.JoinAsync(Cancel);
        return (job, Assert.Single(await Chain.RunsOfNodeAsync(Wallet.Address, Cancel)));
    }

    public async Task<JobAccount> JobAsync(PublicKey job) => (await Chain.FindJobAsync(job, Cancel))!;

    public async Task<ulong> NosAsync(PublicKey wallet) => (await Chain.NosBalanceAsync(wallet, Cancel))!.Value;

    /// <summary>The agent is killed and started again: what it remembered is gone, the state directory is there.</summary>
    public void Restart()
    {
        Journal.Dispose();
        Journal = OpenJournal();
        Refusals = new RefusalPolicy(Clock, Journal);
        Intake = new WorkIntake();
    }

    /// <summary>Takes a poster's or host's account away, as closing it does.</summary>
    public void CloseAccount(PublicKey address) => Server.Bank.SetAccount(address, AccountState.Empty);

    public async ValueTask DisposeAsync()
    {
        _sender.Dispose();
        _posterSender.Dispose();
        PosterJournal.Dispose();
        Journal.Dispose();
        Rpc.Dispose();
        _http.Dispose();
        Bench.Dispose();
        await Server.DisposeAsync();
        _directory.Dispose();
    }

    private JournalStore OpenJournal() => JournalStore.Open(Path.Combine(_directory.Path, "journal.db"), Clock);
}
