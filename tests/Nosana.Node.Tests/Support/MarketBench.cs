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
using Nosana.Node.Market.Confidential;
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
    private readonly RpcClient _posterRpc;
    private readonly NosanaChain _posterChain;
    private SettlementOutbox? _settling;
    private RunSession? _session;
    private Reconciler? _reconciler;
    private SlotStatus? _status;
    private OwnerDesk? _desk;

    private MarketBench(LocalNetServer server, ManualTimeProvider clock, bool twoNodes)
    {
        Server = server;
        Clock = clock;
        Rpc = new RpcClient(new RpcClientOptions { Endpoints = twoNodes ? [server.RpcUri, server.ReplicaUri] : [server.RpcUri] }, NullLogger<RpcClient>.Instance);
        Chain = new NosanaChain(Rpc, server.Sets[0].Programs, new SlotMemory(clock));
        ChainClock = new ChainClock(Chain, clock, NullLogger<ChainClock>.Instance);
        Wallet = new HostWallet(server.Keys.Host);
        Journal = OpenJournal();
        PosterJournal = JournalStore.InMemory(clock);
        TransactionSenderOptions sending = Sending with { MinContextSlot = () => Chain.Slots.Newest };
        _sender = new TransactionSender(Rpc, NullLogger<TransactionSender>.Instance, sending);
        // What is wrong with the host's node is not wrong with its poster's.
        _posterRpc = new RpcClient(new RpcClientOptions { Endpoints = [server.ReplicaUri] }, NullLogger<RpcClient>.Instance);
        _posterChain = new NosanaChain(_posterRpc, server.Sets[0].Programs, new SlotMemory(clock));
        _posterSender = new TransactionSender(_posterRpc, NullLogger<TransactionSender>.Instance, Sending);
        Served = new ServedMarket(new MarketMembership(server.Sets[0].Market, null));
        Slot = new MarketSlot(Served, new FakeSlotGpus(() => new GpuSlotSnapshot { Gpus = [], Absence = "no driver" }));
        Poster = new JobPoster(_posterChain, PosterOutbox, server.Keys.Poster);
        Bench = new JobBench();
        Refusals = new RefusalPolicy(clock, Journal);
        Intake = new WorkIntake(Journal);
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

    public ChainClock ChainClock { get; }

    public HostWallet Wallet { get; }

    public JournalStore Journal { get; private set; }

    public ServedMarket Served { get; }

    /// <summary>What the operator says.</summary>
    public WorkIntake Intake { get; private set; }

    public ContainerDeadlines Deadlines => new(_directory.Path, NullLogger<ContainerDeadlines>.Instance);

    public MarketSlot Slot { get; private set; }

    public JobPoster Poster { get; }

    public JournalStore PosterJournal { get; }

    public TransactionOutbox PosterOutbox => new(_posterSender, PosterJournal, NullLogger<TransactionOutbox>.Instance, _posterChain.Slots);

    /// <summary>The jobs' engine and its scripts.</summary>
    public JobBench Bench { get; }

    public RefusalPolicy Refusals { get; private set; }

    /// <summary>What the health of the host is.</summary>
    public string? HostProblem { get; set; }

    public TransactionOutbox Outbox => new(_sender, Journal, NullLogger<TransactionOutbox>.Instance, Chain.Slots);

    public RunSettlement Settlement => new(Chain, Outbox, Wallet, Clock, NullLogger<RunSettlement>.Instance);

    /// <summary>Until the next <see cref="Restart"/> one and the same.</summary>
    public SettlementOutbox Settling => _settling ??= new SettlementOutbox(
        Publisher, new OwedResults(Publisher, Gateway, Journal, Clock, NullLogger<OwedResults>.Instance), Settlement, Bench.Results, Journal, Clock,
        NullLogger<SettlementOutbox>.Instance);

    private ResultPublisher Publisher => new(Pinning, Clock, NullLogger<ResultPublisher>.Instance);

    private IpfsGatewayClient Gateway => new(_http, new IpfsGatewayOptions { Gateways = [Server.GatewayUri] });

    public SlotStatus Status => _status ??= new SlotStatus(Clock);


    public Reconciler Reconciler => _reconciler ??= new Reconciler(Chain, Session, Journal, Wallet, Slot, Clock, NullLogger<Reconciler>.Instance);

    public MarketQueue Queue => new(Chain, Outbox, Wallet, Served, Clock, NullLogger<MarketQueue>.Instance);

    public RunSession Session => _session ??= new(
        Chain, null,
        new DefinitionFetcher(Gateway, Clock),
        Settling, Bench.Runners, Bench.Containers, Bench.Reaper, Intake, Deadlines, Journal, Bench.Logs, Wallet, Desk, Courier, ChainClock, Clock, NullLoggerFactory.Instance);

    public string StateDirectory => _directory.Path;

    /// <summary>Where owners and runs meet.</summary>
    public OwnerDesk Desk => _desk ??= new OwnerDesk(new JobOwners(() => Chain), Bench.Running, Clock);

    /// <summary>Places in the host's own network that confidential jobs may name.</summary>
    public IReadOnlyList<Uri> DeploymentManagers { get; set; } = [];

    public ConfidentialCourier Courier => new(
        Desk, new OwnerEndpoints(Policies.Default(Clock), new TrustedEndpoints(DeploymentManagers), Wallet, Clock, NullLogger<OwnerEndpoints>.Instance), Clock);

    public IpfsPinningClient Pinning => new(_http, new IpfsPinningOptions { Api = Server.PinningUri, Credential = "x" });

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <param name="twoNodes">The host asks the network's second node, too, when the first fails it; else the first alone.</param>
    public static async Task<MarketBench> StartAsync(bool twoNodes = false)
    {
        var clock = new ManualTimeProvider();
        return new MarketBench(await LocalNetServer.StartAsync(new LocalNetOptions { Port = 0, TimeProvider = clock }, Cancel), clock, twoNodes);
    }

    public RunWatcher Watcher(IStreamingRpcClient? stream = null) => new(Chain, stream, Wallet, Clock, NullLogger<RunWatcher>.Instance);

    public MarketWorker Worker(RunWatcher? watcher = null, IdleTask? idle = null) => new(
        Chain, watcher ?? Watcher(), Queue, Session, Settling, Reconciler, Refusals, Wallet, Slot, Status, Served, Intake, new FakeHostHealth(() => HostProblem),
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
        Intake = new WorkIntake(Journal);
        (_settling, _session, _reconciler, _status, _desk) = (null, null, null, null, null);
    }

    /// <summary>From now on the host serves a market of which nobody knows.</summary>
    public void Move()
    {
        using var market = new Account();
        Served.Change(new MarketMembership(market.PublicKey, null));
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
        _posterRpc.Dispose();
        _http.Dispose();
        Bench.Dispose();
        await Server.DisposeAsync();
        _directory.Dispose();
    }

    private JournalStore OpenJournal() => JournalStore.Open(Path.Combine(_directory.Path, "journal.db"), Clock);
}
