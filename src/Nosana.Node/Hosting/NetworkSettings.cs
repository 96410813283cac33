using Nosana.Programs;

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

    /// <summary>RPC endpoints, asked in this order.</summary>
    public required IReadOnlyList<Uri> Rpc { get; init; }

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

    /// <summary>The market of a network that has one of its own; null where the operator chooses.</summary>
    public string? DefaultMarket { get; init; }

    public bool IsLocal => Name == LocalNet;

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
        _ => throw new CommandException($"Unknown network '{name}'. Known are {Mainnet}, {Devnet} and {LocalNet}."),
    };
}
