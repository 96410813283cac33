using Nosana.Node.Jobs.Tunnels;

namespace Nosana.Node.Hosting.Settings;

/// <summary>Every setting there is. Flags, variables, keys of the file, <c>--help</c>, <c>config show</c> and the README's table come from here.</summary>
internal static class SettingsTable
{
    public const string DefaultFile = "/etc/nosana-node/config.json";

    /// <summary>Variables that begin as settings do and are none: those of the tests, of the scripts beside this program and of its unit.</summary>
    public static IReadOnlyList<string> ReservedVariables { get; } =
        ["NOSANA_TEST_", "NOSANA_UPDATE_", "NOSANA_DEMO_", "NOSANA_EGRESS_", "NOSANA_ISOLATED", "NOSANA_NODE_ARGS"];

    public static Setting Config { get; } = new("config", SettingGroup.File, SettingType.Path("FILE"), "settings file, JSON or (as .yaml or .yml) YAML")
    {
        Default = $"{DefaultFile}, if it is there",
        IsInFile = false,
    };

    public static IReadOnlyList<Setting> All { get; } =
    [
        Config,

        new("network", SettingGroup.Network, SettingType.Choice(NetworkSettings.Mainnet, NetworkSettings.Devnet, NetworkSettings.LocalNet), "the network")
        {
            Default = "mainnet; localnet with --localnet",
        },
        new("localnet", SettingGroup.Network, SettingType.Path("FILE"),
            "info file of an embedded network, as 'localnet --info FILE' writes it: every address is taken from there"),
        new("rpc", SettingGroup.Network, SettingType.HttpUrl.Many, "RPC endpoints; the first that answers is used")
        {
            Default = "the network's public one",
            HidesPath = true,
        },
        new("rpcRate", SettingGroup.Network, SettingType.Rate, "requests a second to the RPC endpoints at most")
        {
            Default = "4 for the public ones, else no limit",
        },
        new("ws", SettingGroup.Network, SettingType.WebSocketUrl, "WebSocket endpoint") { Default = "derived from the RPC endpoints", HidesPath = true },
        new("ipfsApi", SettingGroup.Network, SettingType.HttpUrl, "pinning service of IPFS") { Default = "that of the official clients", HidesPath = true },
        new("ipfsGateway", SettingGroup.Network, SettingType.HttpUrl.Many, "IPFS gateways; each ends in /ipfs/")
        {
            Default = "that of the official clients",
            HidesPath = true,
        },
        new("ipfsCredentialFile", SettingGroup.Network, SettingType.ReadableFile, "file with the pinning service's JWT; mainnet and devnet need one"),
        new("ipfsJwt", SettingGroup.Network, SettingType.Secret, "the JWT itself, instead of a file with it")
        {
            IsSecret = true,
            InsteadOf = "ipfsCredentialFile",
        },

        new("key", SettingGroup.Wallet, SettingType.Path("FILE"), "key file: a JSON array of 64 numbers, or base58 text")
        {
            Aliases = ["--wallet"],
            Default = "~/.nosana/nosana_key.json",
        },

        new("docker", SettingGroup.Engine, SettingType.Engine,
            "Docker Engine, or Podman's compatible API: the path of its socket, unix:///PATH or tcp://HOST:PORT")
        {
            Variable = "DOCKER_HOST",
            Default = "/var/run/docker.sock",
        },
        new("memory", SettingGroup.Engine, SettingType.Size(6), "memory for each container of a job, such as 24g") { Default = "the machine's less 1 GiB" },
        new("cpus", SettingGroup.Engine, SettingType.Cpus, "CPUs for each container of a job, such as 7.5") { Default = "all" },
        new("disk", SettingGroup.Engine, SettingType.Size(16),
            "disk for each container of a job with its volumes, such as 200g; an operation that fills more is stopped")
        {
            Default = "all but the last 2 GiB",
        },

        new("registry", SettingGroup.Engine, SettingType.Registry.Many,
            "registries that jobs may name although they lie in this host's own network, or speak without TLS; "
            + "those of the engine's configuration and of docker login are known"),

        new("mirror", SettingGroup.Resources, SettingType.Mirror.Many,
            "fetch resources whose address begins with PREFIX from URL, which may lie in this host's own network "
            + "(https://huggingface.co and https://registry.ollama.ai are prefixes, too)"),
        new("resourceCacheGb", SettingGroup.Resources, SettingType.Gibibytes, "most that fetched resources take on the engine's disk, in GiB")
        {
            Default = "all of the disk but 5 GiB",
        },

        new("refuse", SettingGroup.Resources, SettingType.IpRange.Many,
            "further ranges of addresses that nothing is fetched from for a job, such as a public one of this host's own network"),

        new("imageCacheGb", SettingGroup.Host, SettingType.Gibibytes, "most that the images pulled for jobs keep on the engine's disk, in GiB")
        {
            Default = "no limit: they are removed where less than 10 GiB are free before a pull",
        },
        new("market", SettingGroup.Host, SettingType.Market, "market to serve")
        {
            Default = "the one that the host manager recommends, on an embedded network its own",
        },
        new("state", SettingGroup.State, SettingType.Path("DIRECTORY"), "directory for the journal and logs") { Default = "~/.nosana/node" },
        new("logsGb", SettingGroup.Host, SettingType.Gibibytes, "most that the output of jobs keeps in the state directory, in GiB; the oldest goes")
        {
            Default = "10; of one job at most 1, or a quarter",
        },
        new("createAccounts", SettingGroup.Host, SettingType.Switch, "make the wallet's NOS token account and stake account when they are missing")
        {
            Default = "no",
        },
        new("requireEgress", SettingGroup.Host, SettingType.Switch, "stay out of the queue while the egress rules are not in place (docs/security.md)")
        {
            Default = "no; yes in the unit of systemd",
        },
        new("controlUrl", SettingGroup.Host, SettingType.HttpUrl,
            "address that is asked, beside RPC and IPFS gateway, whether this host's own line works, before what does not arrive is called a job's fault")
        {
            Default = "none",
            HidesPath = true,
        },
        new("signalWhileDraining", SettingGroup.Host, SettingType.Choice(HostSignals.Leave, HostSignals.Stop),
            "what SIGTERM, SIGINT and SIGQUIT do to the job of a host that drains: leave its containers to the next start, or stop them now and finish the "
            + "job with what there is")
        {
            Default = HostSignals.Leave,
        },
        new("exposePort", SettingGroup.Host, SettingType.Port, "port on loopback for exposed ports of jobs; 0 takes a free one") { Default = "8180" },
        new("tunnel", SettingGroup.Host, SettingType.Tunnel,
            $"frp server that brings requests from the internet to exposed ports and to this host's API, or '{SettingType.NoTunnel}' where they come otherwise")
        {
            Default = "the network's own, on an embedded network its stand-in",
        },
        new("tunnelImage", SettingGroup.Host, SettingType.Image, "image of the tunnel's client") { Default = TunnelSettings.OfficialImage },
        new("exposeTls", SettingGroup.Host, SettingType.Address,
            "address and port where exposed ports are served with TLS, too, such as 0.0.0.0:443; needs exposeCertificate and exposeKey")
        {
            Default = "nowhere",
        },
        new("exposeCertificate", SettingGroup.Host, SettingType.ReadableFile,
            "PEM file with the certificate for exposeTls and those of its issuers; read again when it changes"),
        new("exposeKey", SettingGroup.Host, SettingType.ReadableFile, "PEM file with the certificate's key"),
        new("exposeTrust", SettingGroup.Host, SettingType.IpRange.Many,
            "peers that are believed when they say whom they speak for, by X-Forwarded headers or the PROXY protocol")
        {
            Default = "nobody",
        },
        new("exposeConnections", SettingGroup.Host, SettingType.Count, "requests and WebSockets at once through one name of an exposed port")
        {
            Default = "8192",
        },
        new("exposeRate", SettingGroup.Host, SettingType.RequestRate, "requests a second through one name of an exposed port") { Default = "20000" },
        new("exposeBody", SettingGroup.Host, SettingType.Size(0), "body of one request to an exposed port, such as 2g") { Default = "no limit" },
        new("exposeLog", SettingGroup.Host, SettingType.Path("FILE"),
            "file that gets a line for each request to an exposed port, with its address and path")
        {
            Default = "none",
        },
        new("ssh", SettingGroup.Host, SettingType.Choice("on", "off"), "SSH into running jobs for those who posted them (docs/ssh.md)") { Default = "on" },
        new("sshPort", SettingGroup.Host, SettingType.Port, "port on loopback for SSH into jobs, by HTTP CONNECT; 0 takes a free one") { Default = "8122" },
        new("apiPort", SettingGroup.Host, SettingType.Port, "port on loopback for the node's API (docs/api.md); 0 takes a free one") { Default = "5001" },
        new("apiBoundOnly", SettingGroup.Host, SettingType.Switch,
            "take calls of a job's owner that change something in the bound form alone, which is good for one call at this host (docs/api.md)")
        {
            Default = "no: official clients cannot write it yet",
        },
        new("deploymentManager", SettingGroup.Host, SettingType.HttpUrl.Many,
            "addresses that confidential jobs may fetch their definition from, and hand their result to, although they lie in this host's own network")
        {
            Default = "none: only addresses of the public internet",
        },
        new("hostManager", SettingGroup.Host, SettingType.HostManager, $"URL of the network's host manager, or '{SettingType.NoHostManager}'")
        {
            Default = "the network operators' own, on an embedded network its stand-in",
            HidesPath = true,
        },
        new("country", SettingGroup.Host, SettingType.Country, "country of this host in two letters, told to the host manager")
        {
            Default = "sent as not known",
        },
        new("line", SettingGroup.Host, SettingType.Line, "speed of this host's line in Mbit/s, told to the host manager") { Default = "sent as not known" },

        new("logFormat", SettingGroup.Log, SettingType.Choice("auto", "text", "journald", "json"),
            "how the log is written; auto is journald under systemd, else text")
        {
            Default = "auto",
        },
        new("verbose", SettingGroup.Every, SettingType.Switch, "log what is only of interest when something is wrong") { Default = "no" },
    ];

    public static Setting Of(string key) => All.Single(setting => setting.Key == key);

    /// <summary>In words, which verbs have the settings of a group.</summary>
    public static string VerbsOf(SettingGroup group) => group switch
    {
        SettingGroup.Network => "all that ask the chain",
        SettingGroup.Wallet => "all with a wallet",
        SettingGroup.Engine or SettingGroup.Resources => "start, run",
        SettingGroup.Host => "start",
        SettingGroup.State => "start, drain, reload, earnings, health, watchdog",
        SettingGroup.Log => "start, run, localnet",
        _ => "all",
    };
}
