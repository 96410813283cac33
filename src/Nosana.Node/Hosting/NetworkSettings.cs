using System.Text.Json;
using Nosana.LocalNet;
using Nosana.Node.Hosting.Settings;
using Nosana.Programs;
using Nosana.Solana.Rpc;
using Nosana.Solana.Rpc.Streaming;

namespace Nosana.Node.Hosting;

/// <summary>One network and how to reach it. The same agent serves all of them; nothing else differs.</summary>
internal sealed record NetworkSettings
{
    /// <summary><c>mainnet</c>, <c>devnet</c> or <c>localnet</c>.</summary>
    public required string Name { get; init; }

    public required ProgramAddresses Programs { get; init; }

    /// <summary>The operators' host manager; null where there is none or none is wanted.</summary>
    public Uri? HostManager { get; init; }

    /// <summary>Whether the endpoints were named, rather than left to the network's public ones.</summary>
    public bool IsRpcChosen { get; init; }

    /// <summary>RPC endpoints of the network's own or of the operator's, asked in this order.</summary>
    public required IReadOnlyList<Uri> Rpc { get; init; }

    /// <summary>The endpoint that the host manager gave, asked before the others; null when it gave none.</summary>
    public Uri? GivenRpc { get; init; }

    /// <summary>Requests a second that the endpoints allow; null for no limit.</summary>
    public double? RpcRate { get; init; }

    /// <summary>WebSocket endpoint; null derives one from each RPC endpoint.</summary>
    public Uri? WebSocket { get; init; }

    public required Uri IpfsApi { get; init; }

    public required IReadOnlyList<Uri> IpfsGateways { get; init; }

    /// <summary>Bearer credential of the pinning service; null when none is configured.</summary>
    public string? IpfsCredential { get; init; }

    /// <summary>Domain under which exposed ports are reached.</summary>
    public required string ExposureDomain { get; init; }

    /// <summary>HOST:PORT of the ingress that tunnels lead to; null where there is none, or none is wanted.</summary>
    public string? Tunnel { get; init; }

    /// <summary>Port at which clients reach what tunnels serve, where it is not that of https.</summary>
    public int? TunnelPublicPort { get; init; }

    /// <summary>The market of a network that has one of its own; null where the operator chooses.</summary>
    public string? DefaultMarket { get; init; }

    public bool IsLocal => Name == LocalNet;

    /// <summary>For the work with the chain: the host's own transactions and what it waits for.</summary>
    public RpcClientOptions RpcOptions => new() { Endpoints = WorkingRpc, RequestsPerSecond = RpcRate };

    /// <summary>For the review of transactions that the host manager makes: nothing that it chose; null when nothing else is known.</summary>
    public RpcClientOptions? ReviewOptions => Rpc.Count == 0 ? null : new() { Endpoints = Rpc, RequestsPerSecond = RpcRate };

    public StreamingRpcClientOptions StreamingOptions => WebSocket is { } named
        ? new StreamingRpcClientOptions { Endpoint = named }
        : new StreamingRpcClientOptions
        {
            Endpoint = StreamingEndpoint.Derive(WorkingRpc[0]),
            Fallbacks = [.. WorkingRpc.Skip(1).Select(StreamingEndpoint.Derive)],
        };

    /// <summary>Whether the chain is reached in the same way.</summary>
    public bool HasRpcOf(NetworkSettings other) =>
        WorkingRpc.SequenceEqual(other.WorkingRpc) && RpcRate == other.RpcRate && WebSocket == other.WebSocket;

    private IReadOnlyList<Uri> WorkingRpc => GivenRpc is { } given ? [given, .. Rpc] : Rpc;

    /// <summary>What the public clusters let one address ask of one method: 40 requests in 10 seconds.</summary>
    private const double PublicRpcRate = 4;

    public const string Mainnet = "mainnet";
    public const string Devnet = "devnet";
    public const string LocalNet = "localnet";

    /// <summary>Address of the public clusters, IPFS services and tunnel domains as the official clients have them.</summary>
    public static NetworkSettings Defaults(string name) => name switch
    {
        Mainnet => new NetworkSettings
        {
            Name = Mainnet,
            Programs = ProgramAddresses.Mainnet,
            Rpc = [new Uri("https://api.mainnet-beta.solana.com")],
            RpcRate = PublicRpcRate,
            IpfsApi = new Uri("https://api.pinata.cloud"),
            IpfsGateways = [new Uri("https://nosana.mypinata.cloud/ipfs/")],
            ExposureDomain = "node.k8s.prd.nos.ci",
            Tunnel = "node.k8s.prd.nos.ci:7000",
            HostManager = new Uri("https://host-manager.k8s.prd.nos.ci"),
        },
        Devnet => new NetworkSettings
        {
            Name = Devnet,
            Programs = ProgramAddresses.Devnet,
            Rpc = [new Uri("https://api.devnet.solana.com")],
            RpcRate = PublicRpcRate,
            IpfsApi = new Uri("https://api.pinata.cloud"),
            IpfsGateways = [new Uri("https://nosana.mypinata.cloud/ipfs/")],
            ExposureDomain = "node.k8s.dev.nos.ci",
            Tunnel = "node.k8s.dev.nos.ci:7000",
            HostManager = new Uri("https://host-manager.k8s.dev.nos.ci"),
        },
        LocalNet => new NetworkSettings
        {
            Name = LocalNet,
            Programs = ProgramAddresses.Mainnet,
            Rpc = [new Uri("http://127.0.0.1:8899")],
            IpfsApi = new Uri("http://127.0.0.1:8899"),
            IpfsGateways = [new Uri("http://127.0.0.1:8899/ipfs/")],
            IpfsCredential = "local",
            ExposureDomain = "localhost",
        },
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Not a network."),
    };

    /// <summary>Later wins: the network's defaults, the file of an embedded network, what was said.</summary>
    /// <exception cref="CommandException">The info file cannot be read.</exception>
    public static NetworkSettings Of(NodeSettings given)
    {
        NetworkChoice said = given.Network;
        NetworkSettings settings = Defaults(said.Network ?? (said.Localnet is null ? Mainnet : LocalNet));
        if (said.Localnet is { } file) settings = settings.With(file);
        if (said.Rpc.Count > 0) settings = settings with { Rpc = said.Rpc, WebSocket = null, RpcRate = null, IsRpcChosen = true };
        return settings with
        {
            RpcRate = said.RpcRate ?? settings.RpcRate,
            WebSocket = said.Ws ?? settings.WebSocket,
            IpfsApi = said.IpfsApi ?? settings.IpfsApi,
            IpfsGateways = said.IpfsGateway.Count > 0 ? said.IpfsGateway : settings.IpfsGateways,
            IpfsCredential = said.IpfsCredentialFile is { } secret ? File.ReadAllText(secret).Trim() : said.IpfsJwt ?? settings.IpfsCredential,
            Tunnel = given.Host.Tunnel switch { null => settings.Tunnel, SettingType.NoTunnel => null, var server => server },
            HostManager = said.HostManager switch { null => settings.HostManager, SettingType.NoHostManager => null, var url => new Uri(url) },
        };
    }

    private NetworkSettings With(string file)
    {
        try
        {
            LocalNetInfo info = LocalNetInfo.Read(file);
            return this with
            {
                Rpc = [Url(info.Rpc, "rpc")],
                RpcRate = null,
                WebSocket = Url(info.Ws, "ws"),
                IpfsApi = Url(info.Ipfs?.Api, "ipfs.api"),
                IpfsGateways = [Url(info.Ipfs?.Gateway, "ipfs.gateway")],
                DefaultMarket = info.Market,
                ExposureDomain = info.Front?.Domain ?? ExposureDomain,
                Tunnel = info.Front?.Tunnels,
                TunnelPublicPort = info.Front?.HttpPort,
                HostManager = info.HostManager is { } manager ? Url(manager, "hostManager") : null,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new CommandException(
                $"The info file {file} cannot be read: {e.Message} Start the embedded network with 'nosana-node localnet --info {file}' and try again.",
                ExitCodes.Refused, e);
        }
    }

    private static Uri Url(string? text, string key) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url) ? url : throw new JsonException($"its '{key}' is not a URL.");
}
