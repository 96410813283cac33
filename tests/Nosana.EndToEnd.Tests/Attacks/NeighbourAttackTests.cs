using Docker.DotNet.Models;
using Nosana.EndToEnd.Tests.Engine;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;
using ContainerSpec = Nosana.Node.Engine.Containers.ContainerSpec;

namespace Nosana.EndToEnd.Tests.Attacks;

/// <summary>At another job on the same machine: its network, names, volumes, containers.</summary>
public sealed class NeighbourAttackTests : AttackClass
{
    private const string Serve = "while true; do echo secret | nc -l -p 8080; done";

    private string _victim = "", _server = "", _address = "";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _victim = await Tenant.Engine.NewJobAsync();
        _server = await Tenant.Engine.StartAsync(Tenant.Spec(Serve, _victim) with { Aliases = ["db"] });
        _address = (await Tenant.Engine.Runtime.InspectAsync(_server, _victim, Token)).IPAddress!;
    }

    [Fact]
    public Task Network_OfAnotherJob_IsNotReachedByAddress() => Tenant.FailsAsync(Ask(_address), control => Join(control, _victim));

    [Fact]
    public Task Network_OfAnotherJob_IsNotReachedByAlias() => Tenant.FailsAsync(Ask("db"), control => Join(control, _victim));

    [Fact]
    public async Task Network_OfAnotherJob_IsNotReachedByContainerName()
    {
        string name = (await Tenant.Client.InspectContainerAsync(_server, Token)).Name.TrimStart('/');
        await Tenant.FailsAsync(Ask(name), control => Join(control, _victim));
    }

    [Fact]
    public async Task Alias_OfAnotherJobsService_ShadowsNothing()
    {
        // The attacker calls itself "cache" and waits for the victim's clients to come.
        await Tenant.Engine.StartAsync(Tenant.Spec(Serve) with { Aliases = ["cache"] });
        ContainerSpec client = Tenant.Spec(Ask("cache"), _victim);
        Assert.NotEqual(0, (await Tenant.RunAsync(client)).ExitCode);
        Tenant.Outcome control = await Tenant.RunRawAsync(client with { Name = client.Name + "-open" }, new HardeningProfile(), parameters => Join(parameters, Tenant.Job));
        Assert.Equal(0, control.ExitCode);
    }

    [Fact]
    public async Task ContainerName_OfAnotherJob_IsTaken()
    {
        string name = (await Tenant.Client.InspectContainerAsync(_server, Token)).Name.TrimStart('/');
        ContainerSpec impostor = Tenant.Spec("true") with { Name = name };
        Assert.Equal(EngineFault.NameTaken, (await Assert.ThrowsAsync<EngineException>(() => Tenant.RunAsync(impostor))).Fault);
        Assert.True((await Tenant.Client.InspectContainerAsync(_server, Token)).State!.Running);
        await Tenant.Engine.Runtime.RemoveAsync(_server, Token);
        Assert.Equal(0, (await Tenant.RunAsync(impostor)).ExitCode);
    }

    [Fact]
    public async Task Volume_OfAnotherJob_IsTaken()
    {
        string volume = $"{_victim}-data";
        await Tenant.Engine.Volumes.EnsureAsync(volume, TenantEngine.Labels(_victim), Token);
        VolumeMount mount = new(volume, "/data");
        Assert.Equal(0, (await Tenant.RunAsync(Tenant.Spec("echo secret > /data/file", _victim) with { Mounts = [mount] })).ExitCode);
        // What the agent does before each container with volumes.
        var refused = await Assert.ThrowsAsync<EngineException>(() => Tenant.Engine.Volumes.EnsureAsync(volume, TenantEngine.Labels(Tenant.Job), Token));
        Assert.Equal(EngineFault.NameTaken, refused.Fault);
        Assert.Equal("secret\n", (await Tenant.RunAsync(Tenant.Spec("cat /data/file") with { Mounts = [mount] })).Output);
    }

    [Fact]
    public async Task Removal_OfTheOwnJob_LeavesTheOthers()
    {
        string attacker = await Tenant.Engine.NewJobAsync();
        string own = await Tenant.Engine.StartAsync(Tenant.Spec("sleep 60", attacker));
        await Tenant.Engine.Reaper.RemoveAllOfJobAsync(attacker, Token);
        Assert.True((await Tenant.Client.InspectContainerAsync(_server, Token)).State!.Running);
        await Assert.ThrowsAsync<Nosana.Docker.DockerContainerNotFoundException>(() => Tenant.Client.InspectContainerAsync(own, Token));
    }

    [Fact]
    public Task Machine_ByItsName_LeadsBackIntoTheContainer() => Tenant.FailsAsync(
        "getent() { awk -v n=$1 '$2 == n { print $1; exit }' /etc/hosts; }; a=$(getent host.docker.internal); [ -n \"$a\" ] && [ $a != 0.0.0.0 ]",
        control => control.HostConfig!.ExtraHosts = ["host.docker.internal:host-gateway"]);

    [Fact]
    public async Task IPv6_OfATenant_IsNotThere()
    {
        string network = $"{Tenant.Job}-six";
        NetworksCreateParameters parameters = JobNetworks.Write(network, TenantEngine.Labels(Tenant.Job));
        parameters.EnableIPv6 = true;
        parameters.IPAM = new IPAM { Config = [new IPAMConfig { Subnet = "fd00:78::/64" }] };
        await Tenant.Client.CreateNetworkAsync(parameters, Token);
        await Tenant.FailsAsync("grep -qv ' lo$' /proc/net/if_inet6", control => Join(control, network));
    }

    private static void Join(CreateContainerParameters parameters, string network)
    {
        parameters.HostConfig!.NetworkMode = network;
        parameters.NetworkingConfig!.EndpointsConfig = new Dictionary<string, EndpointSettings> { [network] = new() };
    }

    // Several tries: between two clients nobody listens for a moment.
    private static string Ask(string host) => $"i=0; while [ $i -lt 5 ]; do nc -w 1 {host} 8080 < /dev/null | grep -q secret && exit 0; i=$((i+1)); sleep 0.2; done; exit 1";
}
