using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Docker.DotNet.Models;
using Nosana.Docker;
using Nosana.Docker.Tests;
using Nosana.EndToEnd.Tests.Support;
using Nosana.JobDefinition.Exposure;
using Nosana.LocalNet.Front;
using Nosana.Node.Engine;
using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;
using Nosana.Testing;

namespace Nosana.EndToEnd.Tests.Tunnels;

/// <summary>
/// From the network's ingress to the container: the stand-ins of ingress and tunnel client are the tests', what is between them is as it is in life.
/// </summary>
public sealed class TunnelTests : IAsyncLifetime
{
    private const string Domain = "node.localhost", Page = "hello from the job";

    private readonly MarketHost _host = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private FrontServer Front => _host.Network.Server.Front!;

    public async ValueTask InitializeAsync()
    {
        NetworkResponse bridge = await _host.Engine.InspectNetworkAsync("bridge", Token);
        _host.Front = new FrontOptions { Address = IPAddress.Parse(bridge.IPAM.Config[0].Gateway), Domain = Domain };
        // One port for all of a host's starts, as hosts have it.
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        _host.Options = ["--tunnel-image", FrpcImage.Name];
        _host.ExposePort = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        await FrpcImage.MakeAsync(_host.Engine, Token);
        await _host.PrepareAsync();
        await _host.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Job_ExposesAServer_IsReachedByItsOfficialNameAndTheTunnelSaysGoodbyeAtItsEnd()
    {
        PublicKey job = await _host.Network.PostAsync(Server());
        string name = $"{ExposeId.ForPort(0, 8080, job)}.{Domain}";
        await ReachedAsync(name);

        string given = await GivenAsync(job);
        Assert.Contains($"JOB_ID={job}", given, StringComparison.Ordinal);
        Assert.Contains($"NOSANA_ID={job}", given, StringComparison.Ordinal);
        Assert.Contains($"\"customDomain\":\"{name}\"", given, StringComparison.Ordinal);

        await _host.Network.Poster.EndAsync(job, Token);
        await _host.SettledAsync(job);
        Assert.Equal([(FrontEvent.Registered, null), (FrontEvent.Unregistered, FrontEvent.Graceful)], EventsOf(job));
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(name)).StatusCode);
        Assert.Empty(await _host.ContainersAsync(job));
    }

    [Fact]
    public async Task Agent_IsKilledAndStartedAgain_TheTunnelStaysAndLeadsToTheJob()
    {
        PublicKey job = await _host.Network.PostAsync(Server());
        string name = $"{ExposeId.ForPort(0, 8080, job)}.{Domain}";
        await ReachedAsync(name);
        string tunnel = await TunnelAsync(job);

        await _host.Process.KillAsync();
        _host.StartWithoutWaiting();
        await ReachedAsync(name);
        Assert.Equal(tunnel, await TunnelAsync(job));
        Assert.Equal([(FrontEvent.Registered, null)], EventsOf(job));

        await _host.Network.Poster.EndAsync(job, Token);
        await _host.SettledAsync(job);
        Assert.Equal((FrontEvent.Unregistered, FrontEvent.Graceful), EventsOf(job)[^1]);
    }

    [Fact]
    public async Task Tunnel_IsKilled_IsRegisteredAgain()
    {
        PublicKey job = await _host.Network.PostAsync(Server());
        string name = $"{ExposeId.ForPort(0, 8080, job)}.{Domain}";
        await ReachedAsync(name);
        await _host.Engine.RemoveContainerAsync(await TunnelAsync(job), new ContainerRemoveParameters { Force = true, RemoveVolumes = true }, Token);
        await _host.UntilAsync(() => EventsOf(job).Count == 3, "the tunnel is registered again", TimeSpan.FromSeconds(60));
        Assert.Equal([(FrontEvent.Registered, null), (FrontEvent.Unregistered, FrontEvent.Lost), (FrontEvent.Registered, null)], EventsOf(job));
        await ReachedAsync(name);
        await _host.Network.Poster.EndAsync(job, Token);
        await _host.SettledAsync(job);
    }

    [Fact]
    public async Task Deployment_TheSharedName_LeadsToTheServiceWhileItIsHealthy()
    {
        const string port = """{"expose":[{"port":8080,"health_checks":[{"type":"http","path":"/index.html","method":"GET","expected_status":200,"continuous":false}]}]}""";
        JsonNode definition = JsonNode.Parse(Definitions.Shell(
            $"mkdir /www; sleep 5; echo {Page} > /www/index.html; exec httpd -f -p 8080 -h /www", JsonNode.Parse(port)!.AsObject()))!;
        definition["deployment_id"] = "dep";
        PublicKey job = await _host.Network.PostAsync(definition.ToJsonString());
        string hash = ExposeId.DeploymentHash("dep", _host.Network.Server.Keys.Poster.PublicKey);
        string name = $"{ExposeId.ForDeployment("op", hash)}.{Domain}";
        await ReachedAsync(name);
        Assert.Equal(
            [(FrontEvent.Registered, null), (FrontEvent.Unregistered, FrontEvent.Unhealthy), (FrontEvent.Registered, null)],
            Front.Proxies.History.Where(one => one.Proxy.Host == name).Select(one => (one.Event, one.Reason)));
        FrontProxy proxy = Front.Proxies.All.Single(one => one.Host == name);
        Assert.Equal(new Dictionary<string, string> { ["deploymentId"] = "dep", ["opId"] = "op", ["jobId"] = job.Key }, proxy.Labels);
        Assert.EndsWith("-dp", proxy.Name, StringComparison.Ordinal);
        Assert.Contains($"FRP_LB_GROUP_KEY={hash}\n", await GivenAsync(job), StringComparison.Ordinal);
        await _host.Network.Poster.EndAsync(job, Token);
        await _host.SettledAsync(job);
    }

    [Fact]
    public async Task Node_ItsName_LeadsToItsApi()
    {
        string address = _host.Network.Host.Key;
        await _host.UntilAsync(async () =>
        {
            using HttpResponseMessage answer = await GetAsync($"{address}.{Domain}");
            return answer.IsSuccessStatusCode && await answer.Content.ReadAsStringAsync(Token) == $"\"{address}\"";
        }, "the node's own name answers with its address");
    }

    [Fact]
    public async Task Ssh_KeyOfTheDefinition_OpensAShellThroughTheTunnelByTheOfficialName()
    {
        using var client = new SshClient();
        JsonNode definition = JsonNode.Parse(Definitions.Shell("sleep 300"))!;
        definition["ssh"] = new JsonObject { ["public_keys"] = new JsonArray(client.PublicKey) };
        PublicKey job = await _host.Network.PostAsync(definition.ToJsonString());
        await _host.UntilAsync(() => Front.Proxies.All.Any(proxy => proxy.Kind == FrontProxy.TcpMux && proxy.Host == $"{job}-0-ssh.{Domain}"), "the SSH proxy is registered");
        await _host.RunningContainerAsync(job);

        var front = new IPEndPoint(IPAddress.Loopback, Front.ConnectPort);
        SshRun run = await client.RunAsync(front, $"nosana@{job}-0-ssh.{Domain}", "echo in-$((40+2)); exit 7\n");
        Assert.True(run.Code == 7, $"{run.Code} {run.Output} {run.Errors}");
        Assert.Contains("in-42", run.Output, StringComparison.Ordinal);
        // The older form: the node's name, the job in the user's.
        run = await client.RunAsync(front, $"nosana-{job}@{_host.Network.Host}-ssh.{Domain}", "echo in-$((40+2)); exit 8\n", command: "op");
        Assert.True(run.Code == 8, $"{run.Code} {run.Output} {run.Errors}");

        await _host.Network.Poster.EndAsync(job, Token);
        await _host.SettledAsync(job);
        Assert.DoesNotContain(Front.Proxies.All, proxy => proxy.Host == $"{job}-0-ssh.{Domain}");
    }

    /// <summary>An operation with a web server, which runs until it is stopped.</summary>
    private static string Server() => Definitions.Shell($"mkdir /www; echo {Page} > /www/index.html; exec httpd -f -p 8080 -h /www", new() { ["expose"] = 8080 });

    private async Task ReachedAsync(string name) =>
        await _host.UntilAsync(async () =>
        {
            using HttpResponseMessage answer = await GetAsync(name);
            return answer.StatusCode == HttpStatusCode.OK && (await answer.Content.ReadAsStringAsync(Token)).Trim() == Page;
        }, $"{name} answers");

    private async Task<HttpResponseMessage> GetAsync(string name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{Front.HttpPort}/") { Headers = { Host = name } };
        return await _http.SendAsync(request, Token);
    }

    private List<(string Event, string? Reason)> EventsOf(PublicKey job) =>
        [.. Front.Proxies.History.Where(one => one.Proxy.Kind == FrontProxy.Http && one.Proxy.Labels.GetValueOrDefault("jobId") == job.Key).Select(one => (one.Event, one.Reason))];

    private async Task<string> TunnelAsync(PublicKey job) =>
        (await _host.ContainersAsync(job)).Single(one => one.Labels.ContainsKey(EngineLabels.Tunnel) && one.State == "running").ID;

    /// <summary>What the tunnel's container says it was given.</summary>
    private async Task<string> GivenAsync(PublicKey job)
    {
        await using MultiplexedStream output = await _host.Engine.OpenOutputAsync(await TunnelAsync(job), new ContainerLogsParameters { ShowStdout = true }, Token);
        return (await output.ReadOutputToEndAsync(Token)).stdout;
    }
}
