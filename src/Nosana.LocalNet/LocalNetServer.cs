using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Nosana.LocalNet.BuiltIn;
using Nosana.LocalNet.Content;
using Nosana.LocalNet.Faults;
using Nosana.LocalNet.Front;
using Nosana.LocalNet.Genesis;
using Nosana.LocalNet.HostManager;
using Nosana.LocalNet.Http;
using Nosana.LocalNet.Persistence;
using Nosana.LocalNet.Programs;
using Nosana.LocalNet.Rpc;
using Nosana.LocalNet.Runtime;
using Nosana.LocalNet.Streaming;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet;

/// <summary>
/// The embedded network: Solana JSON-RPC over HTTP and WebSocket, the programs, an IPFS gateway and a pinning service, in this process.
/// </summary>
public sealed partial class LocalNetServer : IAsyncDisposable
{
    private readonly LocalNetOptions _options;
    private readonly LocalNetDatabase? _database;
    private readonly SubscriptionHub _hub;
    private readonly SocketEndpoint _sockets;
    private NetworkHost? _host;
    private string? _writtenInfo;

    private LocalNetServer(
        LocalNetOptions options, LocalNetKeys keys, IReadOnlyList<LocalNetSet> sets, Bank bank, IpfsStore content, LocalNetDatabase? database,
        FrontServer? front)
    {
        _options = options;
        _database = database;
        Front = front;
        Keys = keys;
        Sets = sets;
        Bank = bank;
        Content = content;
        HostManager = new HostManagerStandIn(sets[0].Market);
        _hub = new SubscriptionHub(bank, Faults, options.TimeProvider);
        var faucet = new Faucet(bank, keys.Faucet);
        RpcNode NodeOf(NodeFaults node)
        {
            var view = new BankView(bank, node);
            KeyValuePair<string, RpcMethod>[] methods =
            [
                .. new AccountMethods(view, Faults).Methods,
                .. new TokenMethods(bank).Methods,
                .. new ClusterMethods(bank, view, Faults, () => (RpcUri, NextPortWsUri)).Methods,
                .. new BlockMethods(bank, Faults).Methods,
                .. new SupplyMethods(bank).Methods,
                .. new TransactionMethods(bank, view, Faults, faucet).Methods,
                .. new HistoryMethods(bank, view, Faults).Methods,
            ];
            return new RpcNode(methods, node, options.LoggerFactory.CreateLogger<RpcDispatcher>());
        }
        RpcNode first = NodeOf(Faults.Node);
        _sockets = new SocketEndpoint(_hub, first.Dispatcher, Faults);
        Endpoint = new NetworkEndpoint(first, NodeOf(Faults.Replica), _sockets, new IpfsEndpoint(content, Faults, options.TimeProvider),
            new HostManagerEndpoint(HostManager, Faults, options.TimeProvider, () => RpcUri), front is null ? null : new FrontEndpoint(front.Proxies), Faults,
            options.TimeProvider);
    }

    /// <summary>The chain itself, for tests that look at it or change it behind the clients' backs.</summary>
    public Bank Bank { get; }

    /// <summary>What was pinned.</summary>
    public IpfsStore Content { get; }

    public LocalNetFaults Faults { get; } = new();

    /// <summary>The stand-in of the operators' host manager.</summary>
    public HostManagerStandIn HostManager { get; }

    /// <summary>The stand-in of the network's ingress; null when there is none.</summary>
    public FrontServer? Front { get; }

    /// <summary>Keys of the funded wallets and the administrators.</summary>
    public LocalNetKeys Keys { get; }

    /// <summary>Both sets of programs with their markets, mainnet's first.</summary>
    public IReadOnlyList<LocalNetSet> Sets { get; }

    public Uri RpcUri => new(string.Create(CultureInfo.InvariantCulture, $"http://{HostName}:{Host.Port}"));

    /// <summary>A second RPC node of the same chain, with faults of its own.</summary>
    public Uri ReplicaUri => new(RpcUri, NetworkEndpoint.ReplicaPath);

    /// <summary>The WebSocket on the RPC's port.</summary>
    public Uri WsUri => new(string.Create(CultureInfo.InvariantCulture, $"ws://{HostName}:{Host.Port}"));

    /// <summary>The WebSocket on the next port.</summary>
    public Uri NextPortWsUri => new(string.Create(CultureInfo.InvariantCulture, $"ws://{HostName}:{Host.Port + 1}"));

    public Uri PinningUri => new(string.Create(CultureInfo.InvariantCulture, $"http://{HostName}:{Host.IpfsPort}"));

    /// <summary>Prefix that a CID is appended to.</summary>
    public Uri GatewayUri => new(PinningUri, IpfsEndpoint.GatewayPath);

    /// <summary>Base of the host manager's calls.</summary>
    public Uri HostManagerUri => new(RpcUri, HostManagerEndpoint.BasePath);

    public LocalNetInfo Info => new(
        Text(RpcUri), Text(WsUri), new LocalNetIpfsInfo(Text(PinningUri), GatewayUri.AbsoluteUri),
        Sets[0].Programs.NosMint, Sets[0].Market, [.. Sets.Select(Describe)],
        new LocalNetWalletInfo(Keys.Poster.PublicKey, Keys.FileOf("poster")), new LocalNetWalletInfo(Keys.Host.PublicKey, Keys.FileOf("host")),
        Bank.GenesisHash, Environment.ProcessId, Text(HostManagerUri),
        Front is { } front
            ? new LocalNetFrontInfo(
                front.Domain, front.ControlEndPoint.ToString(), front.HttpPort, front.ConnectPort, new Uri(RpcUri, FrontEndpoint.BasePath).AbsoluteUri)
            : null);

    internal SubscriptionHub Hub => _hub;

    private NetworkEndpoint Endpoint { get; }

    private NetworkHost Host => _host ?? throw new InvalidOperationException("The network is not listening.");

    private string HostName => _options.Address switch
    {
        var any when any.Equals(IPAddress.Any) => "127.0.0.1",
        { AddressFamily: AddressFamily.InterNetworkV6 } six => $"[{six}]",
        var four => four.ToString(),
    };

    /// <summary>Makes the first block, or reads the database, and listens. The info file is there when this returns.</summary>
    /// <exception cref="LocalNetPortException">A port is taken, or is not one.</exception>
    /// <exception cref="LocalNetException">The database or the info file cannot be used.</exception>
    /// <exception cref="KeyFileException">A key file cannot be used.</exception>
    public static async Task<LocalNetServer> StartAsync(LocalNetOptions options, CancellationToken cancellationToken = default)
    {
        options.Validate();
        var keys = new LocalNetKeys(options.KeyDirectory, options.Keys);
        LocalNetDatabase? database = null;
        FrontServer? front = null;
        LocalNetServer? server = null;
        try
        {
            front = options.Front is { } asked ? FrontServer.Start(asked) : null;
            database = options.DatabasePath is { } path ? new LocalNetDatabase(path) : null;
            IReadOnlyList<LocalNetSet> sets = LocalNetGenesis.Sets(keys);
            var content = new IpfsStore();
            Bank bank = Found(options, keys, sets, content, database);
            server = new LocalNetServer(options, keys, sets, bank, content, database, front);
            server._host = await NetworkHost.StartAsync(options, server.Endpoint, cancellationToken);
            LocalNetInfo info = server.Info;
            if (options.InfoPath is { } infoPath)
            {
                info.Write(infoPath);
                server._writtenInfo = infoPath;
            }
            ILogger logger = options.LoggerFactory.CreateLogger<LocalNetServer>();
            if (logger.IsEnabled(LogLevel.Information)) LogReady(logger, info);
            return server;
        }
        catch
        {
            if (server is not null)
            {
                await server.DisposeAsync();
            }
            else
            {
                if (front is not null) await front.DisposeAsync();
                database?.Dispose();
                keys.Dispose();
            }
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_writtenInfo is { } path) File.Delete(path);
        if (_host is { } host)
        {
            _host = null;
            await host.DisposeAsync();
        }
        if (Front is { } front) await front.DisposeAsync();
        _sockets.Dispose();
        _hub.Dispose();
        _database?.Dispose();
        Keys.Dispose();
    }

    private static Bank Found(LocalNetOptions options, LocalNetKeys keys, IReadOnlyList<LocalNetSet> sets, IpfsStore content, LocalNetDatabase? database)
    {
        ChainIdentity identity = ChainIdentity.ReadOrCreate(database, options.TimeProvider, keys.Poster.PublicKey, out bool isNew);
        var bank = new Bank(new BankOptions
        {
            TimeProvider = options.TimeProvider,
            Programs =
            [
                .. BuiltInPrograms.Create(),
                .. NosanaProgramSet.Create([.. sets.Select(set => set.Programs)], options.FeeDivisor, options.RejectDuplicateAccounts),
                .. options.ExtraPrograms,
            ],
            Indexes = NosanaIndexes.For(sets),
            GenesisHash = identity.GenesisHash,
            GenesisTime = identity.GenesisTime,
        });
        if (isNew)
        {
            LocalNetWallet[] wallets = [new(keys.Poster.PublicKey, MicroNos: options.PosterMicroNos), new(keys.Host.PublicKey), .. options.Wallets];
            IReadOnlyList<KeyValuePair<PublicKey, AccountState>> accounts = new LocalNetGenesis(keys, sets, options.Market).Build(wallets);
            bank.SetAccounts(accounts);
            database?.WriteAccounts(accounts);
            if (database is not null) identity.Write(database);
        }
        else
        {
            bank.SetAccounts(database!.ReadAccounts());
            database.ReadPins(content);
        }
        if (database is not null)
        {
            bank.Changed += change => database.WriteAccounts(change.Accounts);
            content.Added += database.WritePin;
        }
        return bank;
    }

    private static LocalNetNetworkInfo Describe(LocalNetSet set) => new(
        set.Network, set.Programs.Jobs, set.Programs.Staking, set.Programs.Rewards, set.Programs.Pools, set.Programs.Nodes, set.Programs.NosMint, set.Market,
        set.MarketVault);

    private static string Text(Uri uri) => uri.AbsoluteUri.TrimEnd('/');

    [LoggerMessage(EventId = 6000, Level = LogLevel.Information, Message = "Embedded network ready: {Info}")]
    private static partial void LogReady(ILogger logger, LocalNetInfo info);
}
