using Microsoft.AspNetCore.Http;
using Nosana.Docker.Models;

namespace Nosana.Docker.Tests;

public sealed class NetworkVolumeSystemRequestTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Networks_EveryOperation_HasItsPathAndBody()
    {
        await using FakeEngine engine = await FakeEngine.StartAsync(context =>
            context.Request.Path.Value!.EndsWith("/networks", StringComparison.Ordinal) ? FakeEngine.Json(context, 200, "[]") : FakeEngine.Json(context, 201, """{"Id":"n"}"""));
        using DockerClient client = engine.CreateClient();

        await client.Networks.CreateNetworkAsync(
            new NetworksCreateParameters { Name = "net", IPAM = new IPAM { Config = [new IPAMConfig { Subnet = "10.1.0.0/24", Gateway = "10.1.0.1" }] } }, Token);
        await client.Networks.InspectNetworkAsync("n", Token);
        await client.Networks.ListNetworksAsync(new NetworksListParameters { Filters = new DockerFilters { { "name", "net" } } }, Token);
        await client.Networks.ConnectNetworkAsync("n", new NetworkConnectParameters { Container = "c", EndpointConfig = new EndpointSettings { Aliases = ["x"] } }, Token);
        await client.Networks.DisconnectNetworkAsync("n", new NetworkDisconnectParameters { Container = "c", Force = true }, Token);
        await client.Networks.DeleteNetworkAsync("n", Token);

        RecordedRequest create = await engine.NextAsync();
        Assert.Equal("/v1.41/networks/create", create.Target);
        Assert.Equal(
            """{"Name":"net","CheckDuplicate":true,"Internal":false,"Attachable":false,"EnableIPv6":false,"IPAM":{"Config":[{"Subnet":"10.1.0.0/24","Gateway":"10.1.0.1"}]}}""",
            create.Body);
        Assert.Equal("/v1.41/networks/n", (await engine.NextAsync()).Target);
        Assert.Equal("""{"name":{"net":true}}""", (await engine.NextAsync()).Query("filters"));
        RecordedRequest connect = await engine.NextAsync();
        Assert.Equal(("/v1.41/networks/n/connect", """{"Container":"c","EndpointConfig":{"Aliases":["x"]}}"""), (connect.Target, connect.Body));
        RecordedRequest disconnect = await engine.NextAsync();
        Assert.Equal(("/v1.41/networks/n/disconnect", """{"Container":"c","Force":true}"""), (disconnect.Target, disconnect.Body));
        Assert.Equal("DELETE", (await engine.NextAsync()).Method);
    }

    [Fact]
    public async Task Volumes_EveryOperation_HasItsPathAndBody()
    {
        await using FakeEngine engine = await FakeEngine.StartAsync(context => FakeEngine.Json(
            context, 200, context.Request.Path.Value!.EndsWith("/volumes", StringComparison.Ordinal) ? """{"Volumes":null,"Warnings":null}""" : """{"Name":"v","Mountpoint":"/m"}"""));
        using DockerClient client = engine.CreateClient();

        VolumeResponse created = await client.Volumes.CreateAsync(new VolumesCreateParameters { Name = "v", Labels = new Dictionary<string, string> { ["a"] = "b" } }, Token);
        VolumesListResponse list = await client.Volumes.ListAsync(new VolumesListParameters { Filters = new DockerFilters { { "label", "a" } } }, Token);
        await client.Volumes.InspectAsync("v", Token);
        await client.Volumes.RemoveAsync("v", force: true, Token);

        Assert.Equal("/m", created.Mountpoint);
        Assert.Empty(list.Volumes);
        Assert.Equal("""{"Name":"v","Labels":{"a":"b"}}""", (await engine.NextAsync()).Body);
        Assert.Equal("""{"label":{"a":true}}""", (await engine.NextAsync()).Query("filters"));
        Assert.Equal("/v1.41/volumes/v", (await engine.NextAsync()).Target);
        Assert.Equal("/v1.41/volumes/v?force=true", (await engine.NextAsync()).Target);
    }

    [Fact]
    public async Task StreamEventsAsync_Filters_AreSentAndEventsRead()
    {
        await using FakeEngine engine = await FakeEngine.StartAsync(context => context.Response.WriteAsync(
            """
            {"Type":"container","Action":"die","Actor":{"ID":"c","Attributes":{"exitCode":"7"}},"scope":"local","time":1700000000,"timeNano":1700000000000000001}
            {"Type":"daemon","Action":"reload","Actor":null,"time":1700000001,"timeNano":1700000001000000000}

            """));
        using DockerClient client = engine.CreateClient();
        var events = new List<Message>();

        await foreach (Message message in client.System.StreamEventsAsync(
            new ContainerEventsParameters { Since = "1700000000.000000000", Filters = new DockerFilters { { "type", "container" } } }, Token))
            events.Add(message);

        Assert.Equal(["die", "reload"], events.Select(e => e.Action));
        Assert.Equal("7", events[0].Actor.Attributes["exitCode"]);
        Assert.Equal(1_700_000_000_000_000_001, events[0].TimeNano);
        Assert.Equal("", events[1].Actor.ID);
        RecordedRequest request = await engine.NextAsync();
        Assert.Equal(("1700000000.000000000", """{"type":{"container":true}}"""), (request.Query("since"), request.Query("filters")));
    }

    [Fact]
    public async Task InfoAndDiskUsage_EnginesOfBothAges_AreRead()
    {
        await using FakeEngine engine = await FakeEngine.StartAsync(context => FakeEngine.Json(
            context, 200,
            context.Request.Path.Value!.EndsWith("/info", StringComparison.Ordinal)
                ? """{"ID":"x","NCPU":2,"MemTotal":8589934592,"Runtimes":{"runc":{"path":"runc"},"nvidia":{"path":"n"}},"CDISpecDirs":["/etc/cdi"],"DiscoveredDevices":[{"Source":"cdi","ID":"nvidia.com/gpu=0"}],"DriverStatus":[["Backing Filesystem","extfs"]]}"""
                : """{"LayersSize":10,"Images":[{"Id":"i","Size":3,"Containers":-1}],"Containers":null,"Volumes":[{"Name":"v","UsageData":{"Size":7,"RefCount":1}}],"BuildCache":null}"""));
        using DockerClient client = engine.CreateClient();

        SystemInfoResponse info = await client.System.GetSystemInfoAsync(Token);
        DiskUsageResponse usage = await client.System.GetDiskUsageAsync(Token);

        Assert.Equal("nvidia.com/gpu=0", Assert.Single(info.DiscoveredDevices).ID);
        Assert.Contains("nvidia", info.Runtimes.Keys);
        Assert.Equal("extfs", info.DriverStatus[0][1]);
        Assert.Equal((10L, 7L), (usage.LayersSize, usage.Volumes[0].UsageData!.Size));
        Assert.Empty(usage.Containers);
    }

    [Fact]
    public async Task Exec_Output_IsRead()
    {
        await using FakeEngine engine = await FakeEngine.StartAsync(async context =>
        {
            if (context.Request.Path.Value!.EndsWith("/start", StringComparison.Ordinal)) await context.Response.Body.WriteAsync(FrameBytes.Of(2, "oops"));
            else await FakeEngine.Json(context, 200, """{"Id":"e","ID":"e","ExitCode":null,"Running":true}""");
        });
        using DockerClient client = engine.CreateClient();

        ContainerExecCreateResponse exec = await client.Exec.ExecCreateContainerAsync("c", new ContainerExecCreateParameters { Cmd = ["false"], AttachStderr = true }, Token);
        await using MultiplexedStream output = await client.Exec.StartAndAttachContainerExecAsync(exec.ID, tty: false, Token);

        Assert.Equal(("", "oops"), await output.ReadOutputToEndAsync(Token));
        Assert.Null((await client.Exec.InspectContainerExecAsync("e", Token)).ExitCode);
        Assert.Equal("/v1.41/containers/c/exec", (await engine.NextAsync()).Target);
        RecordedRequest start = await engine.NextAsync();
        Assert.Equal(("/v1.41/exec/e/start", """{"Detach":false,"Tty":false}"""), (start.Target, start.Body));
    }
}
