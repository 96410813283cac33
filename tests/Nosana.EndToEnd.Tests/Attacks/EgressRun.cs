using System.Globalization;
using System.Net.NetworkInformation;
using Docker.DotNet.Models;
using ContainerSpec = Nosana.Node.Engine.Containers.ContainerSpec;
using Nosana.EndToEnd.Tests.Engine;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Egress;

namespace Nosana.EndToEnd.Tests.Attacks;

/// <summary>
/// One container tries every address; once with the egress rules in place, once without them, once with some of them loosened. The tests read
/// what came of it, so that each address costs no container of its own.
/// </summary>
public sealed class EgressRun : IAsyncLifetime
{
    public const string Internet = "1.1.1.1", Metadata = "169.254.169.254", Lan = "192.168.250.10", OtherLan = "10.9.0.1", ThirdLan = "172.16.250.9", Carrier = "100.64.0.9";

    private const string Multicast = "224.0.0.251", IPv6Subnet = "fd00:77::/64", IPv6Gateway = "fd00:77::1";

    private readonly string _marker = Path.Combine(Directory.CreateTempSubdirectory("nosana-egress-").FullName, "marker");
    private Tenant _tenant = null!;
    private LanStandIn _lan = null!;

    /// <summary>By the attack's name, whether it reached its goal while the rules were in place.</summary>
    internal IReadOnlyDictionary<string, bool> Guarded { get; private set; } = new Dictionary<string, bool>();

    /// <summary>The same without the rules.</summary>
    internal IReadOnlyDictionary<string, bool> Open { get; private set; } = new Dictionary<string, bool>();

    /// <summary>The same with <see cref="OtherLan"/> allowed and <see cref="ThirdLan"/> as the resolver.</summary>
    internal IReadOnlyDictionary<string, bool> Loosened { get; private set; } = new Dictionary<string, bool>();

    internal EgressStatus Active { get; private set; } = null!;

    internal EgressStatus Removed { get; private set; } = null!;

    /// <summary>The machine reached a container's port while the rules were in place.</summary>
    internal bool MachineReachedContainer { get; private set; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _lan = await LanStandIn.StartAsync([Internet, Metadata, Lan, OtherLan, ThirdLan, Carrier]);
        _tenant = await Tenant.OpenAsync();
        string second = $"{_tenant.Job}-v6";
        await MakeIPv6NetworkAsync(second);
        string server = await _tenant.Engine.StartAsync(
            _tenant.Spec($"while true; do echo {LanStandIn.Answer} | nc -l -p 7000; done") with { Aliases = ["sibling"] });
        string address = (await _tenant.Engine.Runtime.InspectAsync(server, _tenant.Job, Token)).IPAddress!;
        IList<NetworkInterface> bridges = [.. NetworkInterface.GetAllNetworkInterfaces().Where(card => card.Name.StartsWith(JobNetworks.BridgePrefix, StringComparison.Ordinal))];
        string gateway = await GatewayAsync(_tenant.Job);
        NetworkInterface bridge = bridges.Single(card => card.GetIPProperties().UnicastAddresses.Any(own => own.Address.ToString() == gateway));
        _lan.Join(System.Net.IPAddress.Parse(Multicast), bridge.GetIPProperties().GetIPv4Properties().Index);

        var guard = new EgressGuard(TimeProvider.System, Path.Combine(_marker, "active"));
        await ScriptAsync("install", "--no-resolvers");
        Active = guard.Read();
        Guarded = await ProbeAsync("guarded", gateway, second);
        MachineReachedContainer = await AnswersAsync(address, 7000);
        await ScriptAsync("install", "--allow", OtherLan, "--resolver", ThirdLan);
        Loosened = await ProbeAsync("loosened", gateway, second);
        await ScriptAsync("remove");
        Removed = guard.Read();
        Open = await ProbeAsync("open", gateway, second);
    }

    public async ValueTask DisposeAsync()
    {
        await ScriptAsync("remove");
        if (_tenant is not null) await _tenant.DisposeAsync();
        if (_lan is not null) await _lan.DisposeAsync();
        Directory.Delete(Path.GetDirectoryName(_marker)!, recursive: true);
    }

    internal async Task<string> ScriptAsync(params string[] arguments)
    {
        (int code, string text) = await LanStandIn.TryRunAsync(
            new Dictionary<string, string> { ["NOSANA_EGRESS_DIR"] = _marker }, Path.Combine(Nosana.Testing.RepositoryFiles.Root, "packaging", "egress.sh"), arguments);
        return code == 0 ? text : throw new InvalidOperationException($"egress.sh {string.Join(' ', arguments)} ended with {code}: {text}");
    }

    private async Task<IReadOnlyDictionary<string, bool>> ProbeAsync(string phase, string gateway, string ipv6Network)
    {
        string port = _lan.MachinePort.ToString(CultureInfo.InvariantCulture), service = LanStandIn.ServicePort.ToString(CultureInfo.InvariantCulture);
        (string Name, string Kind, string Host, string Port)[] probes =
        [
            ("internet", "tcp", Internet, service),
            ("sibling", "tcp", "sibling", "7000"),
            ("lan-192", "tcp", Lan, service),
            ("lan-10", "tcp", OtherLan, service),
            ("lan-172", "tcp", ThirdLan, service),
            ("carrier", "tcp", Carrier, service),
            ("metadata", "tcp", Metadata, service),
            ("metadata-decimal", "tcp", "2852039166", service),
            ("metadata-name", "tcp", "metadata.example", service),
            ("dns-tcp", "tcp", ThirdLan, "53"),
            ("dns-udp", "udp", ThirdLan, "53"),
            ("dns-metadata", "udp", Metadata, "53"),
            ("bridge", "tcp", gateway, port),
            ("bridge-udp", "udp", gateway, port),
            ("machine-lan", "tcp", LanStandIn.OwnAddress, port),
            ("machine-docker0", "tcp", await GatewayAsync("bridge"), port),
        ];
        string line = "echo 169.254.169.254 metadata.example >> /etc/hosts\n" + string.Concat(probes.Select(probe => Probe(probe.Name, probe.Kind, probe.Host, probe.Port)))
            + $"for i in 1 2 3; do echo {phase} > /dev/udp/{Multicast}/{port}; done\nwait\n";
        Task<Tenant.Outcome> trying = _tenant.RunAsync(Bash(line, _tenant.Job));
        Tenant.Outcome sixth = await _tenant.RunAsync(Bash(Probe("ipv6", "tcp", IPv6Gateway, port) + "wait\n", ipv6Network));
        string output = (await trying).Output + sixth.Output;
        string[] reached = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var outcome = probes.Select(probe => probe.Name).Append("ipv6").ToDictionary(name => name, name => reached.Contains($"{name} {LanStandIn.Answer}"));
        outcome["multicast"] = _lan.Heard.Contains(phase);
        return outcome;
    }

    // Read by blocks: bash's own read takes a datagram's first byte and loses the others. Several tries: an IPv6 address may need a moment until the kernel believes it is unique, and the sibling serves one after the other.
    private static string Probe(string name, string kind, string host, string port) =>
        $"(for i in 1 2 3; do timeout 4 bash -c 'exec 3<>/dev/{kind}/{host}/{port} && echo ask >&3 && line=$(timeout 2 head -n 1 <&3) && [ -n \"$line\" ] && echo {name} $line' 2>/dev/null && break; sleep 0.5; done) &\n";

    private ContainerSpec Bash(string line, string network) =>
        _tenant.Spec("") with { Command = ["/bin/bash", "-c", line], NetworkName = network };

    /// <summary>What no job has: a network with IPv6, under a bridge that is named as tenants' are.</summary>
    private async Task MakeIPv6NetworkAsync(string name)
    {
        NetworksCreateParameters parameters = JobNetworks.Write(name, TenantEngine.Labels(_tenant.Job));
        parameters.EnableIPv6 = true;
        parameters.IPAM = new IPAM { Config = [new IPAMConfig { Subnet = IPv6Subnet, Gateway = IPv6Gateway }] };
        await _tenant.Client.CreateNetworkAsync(parameters, Token);
    }

    private async Task<string> GatewayAsync(string network) =>
        (await _tenant.Client.InspectNetworkAsync(network, Token)).IPAM.Config!.First(config => config.Gateway?.Contains('.', StringComparison.Ordinal) == true).Gateway!;

    private static async Task<bool> AnswersAsync(string address, int port)
    {
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(address, port, Token).AsTask().WaitAsync(TimeSpan.FromSeconds(10), Token);
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadLineAsync(Token) == LanStandIn.Answer;
    }
}
