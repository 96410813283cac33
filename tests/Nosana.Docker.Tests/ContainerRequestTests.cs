using System.Text.Json.Nodes;
using System.Text;
using Microsoft.AspNetCore.Http;
using Nosana.Docker.Models;

namespace Nosana.Docker.Tests;

public sealed class ContainerRequestTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CreateContainerAsync_Parameters_AreWrittenUnderTheEnginesNamesWithoutNulls()
    {
        await using FakeEngine engine = await FakeEngine.StartAsync(context => FakeEngine.Json(context, 201, """{"Id":"abc","Warnings":null}"""));
        using DockerClient client = engine.CreateClient();

        CreateContainerResponse created = await client.Containers.CreateContainerAsync(
            new CreateContainerParameters
            {
                Name = "flow-0",
                Image = "ubuntu",
                Cmd = ["echo", "hi"],
                Env = ["A=b"],
                Labels = new Dictionary<string, string> { ["com.nosana.job"] = "j" },
                ExposedPorts = new Dictionary<string, EmptyStruct> { ["80/tcp"] = default },
                HostConfig = new HostConfig
                {
                    DeviceRequests = [new DeviceRequest { DeviceIDs = ["GPU-1"], Capabilities = [["gpu"]] }],
                    Mounts = [new Mount { Type = "volume", Source = "v", Target = "/data" }],
                    NanoCPUs = 500_000_000,
                    Memory = 64 << 20,
                    PidsLimit = 50,
                },
                NetworkingConfig = new NetworkingConfig
                {
                    EndpointsConfig = new Dictionary<string, EndpointSettings> { ["net"] = new() { Aliases = ["web"] } },
                },
            },
            Token);

        Assert.Equal("abc", created.ID);
        Assert.Empty(created.Warnings);
        RecordedRequest request = await engine.NextAsync();
        Assert.Equal(("POST", "/v1.41/containers/create?name=flow-0"), (request.Method, request.Target));
        Assert.Equal("application/json", request.Headers["Content-Type"]);
        Assert.True(request.Headers.ContainsKey("Content-Length"));
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse(
                """
                {"Image":"ubuntu","Cmd":["echo","hi"],"Env":["A=b"],"Labels":{"com.nosana.job":"j"},"ExposedPorts":{"80/tcp":{}},
                 "HostConfig":{"DeviceRequests":[{"DeviceIDs":["GPU-1"],"Capabilities":[["gpu"]]}],"Mounts":[{"Type":"volume","Source":"v","Target":"/data"}],
                   "NanoCpus":500000000,"Memory":67108864,"PidsLimit":50},
                 "NetworkingConfig":{"EndpointsConfig":{"net":{"Aliases":["web"]}}}}
                """),
            JsonNode.Parse(request.Body)),
            request.Body);
    }

    [Fact]
    public async Task ListContainersAsync_Label_IsAFilter()
    {
        await using FakeEngine engine = await FakeEngine.StartAsync(context => FakeEngine.Json(
            context, 200, """[{"Id":"1","Names":["/a"],"Created":1700000000,"Labels":null,"Ports":null,"State":"running","Future":{"x":1}}]"""));
        using DockerClient client = engine.CreateClient();

        IList<ContainerListResponse> list = await client.Containers.ListContainersAsync(
            new ContainersListParameters { All = true, Filters = new DockerFilters { { "label", "a=b c", "d" } } }, Token);

        RecordedRequest request = await engine.NextAsync();
        Assert.Equal("true", request.Query("all"));
        Assert.Equal("""{"label":{"a=b c":true,"d":true}}""", request.Query("filters"));
        ContainerListResponse container = Assert.Single(list);
        Assert.Equal(new DateTime(2023, 11, 14, 22, 13, 20, DateTimeKind.Utc), container.Created);
        Assert.Empty(container.Labels);
        Assert.Empty(container.Ports);
    }

    [Theory]
    [InlineData(204, true)]
    [InlineData(304, false)]
    public async Task StartAndStop_AlreadyThere_AreFalse(int status, bool expected)
    {
        await using FakeEngine engine = await FakeEngine.StartAsync(context => FakeEngine.Status(context, status));
        using DockerClient client = engine.CreateClient();

        Assert.Equal(expected, await client.Containers.StartContainerAsync("a", cancellationToken: Token));
        Assert.Equal(expected, await client.Containers.StopContainerAsync("a", new ContainerStopParameters { WaitBeforeKillSeconds = 0 }, Token));

        Assert.Equal("/v1.41/containers/a/start", (await engine.NextAsync()).Target);
        Assert.Equal("/v1.41/containers/a/stop?t=0", (await engine.NextAsync()).Target);
    }

    [Fact]
    public async Task KillRemoveRestartUpdate_Parameters_AreInQueryAndBody()
    {
        await using FakeEngine engine = await FakeEngine.StartAsync();
        using DockerClient client = engine.CreateClient();

        await client.Containers.KillContainerAsync("a", new ContainerKillParameters { Signal = "SIGINT" }, Token);
        await client.Containers.RemoveContainerAsync("a", new ContainerRemoveParameters { Force = true, RemoveVolumes = true }, Token);
        await client.Containers.RestartContainerAsync("a", new ContainerRestartParameters { WaitBeforeKillSeconds = 3 }, Token);
        await client.Containers.UpdateContainerAsync("a", new ContainerUpdateParameters { Memory = 1, NanoCPUs = 2 }, Token);

        Assert.Equal("/v1.41/containers/a/kill?signal=SIGINT", (await engine.NextAsync()).Target);
        RecordedRequest remove = await engine.NextAsync();
        Assert.Equal(("DELETE", "/v1.41/containers/a?force=true&v=true"), (remove.Method, remove.Target));
        Assert.Equal("/v1.41/containers/a/restart?t=3", (await engine.NextAsync()).Target);
        Assert.Equal("""{"Memory":1,"NanoCpus":2}""", (await engine.NextAsync()).Body);
    }

    [Theory]
    [InlineData(WaitCondition.NotRunning, "not-running")]
    [InlineData(WaitCondition.NextExit, "next-exit")]
    [InlineData(WaitCondition.Removed, "removed")]
    public async Task WaitContainerAsync_Condition_IsNamed(WaitCondition condition, string name)
    {
        await using FakeEngine engine = await FakeEngine.StartAsync(context => FakeEngine.Json(context, 200, """{"Error":null,"StatusCode":137}"""));
        using DockerClient client = engine.CreateClient();

        ContainerWaitResponse ended = await client.Containers.WaitContainerAsync("a", condition, Token);

        Assert.Equal((137, null), (ended.StatusCode, ended.Error));
        Assert.Equal($"/v1.41/containers/a/wait?condition={name}", (await engine.NextAsync()).Target);
    }

    [Fact]
    public async Task WaitContainerAsync_EngineGoesAway_IsAStreamException()
    {
        await using FakeEngine engine = await FakeEngine.StartAsync(async context =>
        {
            // Fewer bytes than announced: Kestrel sends these and then closes, so that the answer is cut after its headers for certain.
            context.Response.ContentLength = 100;
            await context.Response.WriteAsync("{");
        });
        using DockerClient client = engine.CreateClient();

        await Assert.ThrowsAsync<DockerStreamException>(() => client.Containers.WaitContainerAsync("a", cancellationToken: Token));
    }

    [Fact]
    public async Task GetContainerLogsAsync_Parameters_AreInTheQueryAndFramesCome()
    {
        await using FakeEngine engine = await FakeEngine.StartAsync(async context =>
        {
            await context.Response.Body.WriteAsync(FrameBytes.Of(1, "hello\n"));
        });
        using DockerClient client = engine.CreateClient();

        await using MultiplexedStream logs = await client.Containers.GetContainerLogsAsync(
            "a", tty: false,
            new ContainerLogsParameters { ShowStdout = true, ShowStderr = true, Follow = true, Timestamps = true, Since = "1700000000.000000001", Until = "1700000001.5", Tail = "10" },
            Token);

        Assert.Equal(("hello\n", ""), await logs.ReadOutputToEndAsync(Token));
        Assert.Equal(
            "/v1.41/containers/a/logs?stdout=true&stderr=true&follow=true&since=1700000000.000000001&until=1700000001.5&timestamps=true&tail=10",
            (await engine.NextAsync()).Target);
    }

    [Fact]
    public async Task InspectContainerAsync_NullsAndOddNumbers_AreRead()
    {
        await using FakeEngine engine = await FakeEngine.StartAsync(context => FakeEngine.Json(
            context, 200,
            """
            {"Id":"a","Created":"2026-11-21T02:35:00.123456789Z","Args":null,"RestartCount":null,"Mounts":null,"Config":null,"ExecIDs":null,"Image":null,
             "State":{"Status":"exited","Running":null,"ExitCode":"137","Pid":0.0,"OOMKilled":true,"StartedAt":"2026-11-21T02:35:00.5Z","FinishedAt":"0001-01-01T00:00:00Z"},
             "HostConfig":{"Memory":null,"NanoCpus":9223372036854775807,"Binds":null},
             "NetworkSettings":{"Ports":{"80/tcp":null,"81/tcp":[{"HostIp":"127.0.0.1","HostPort":"4000"}]},"Networks":null}}
            """));
        using DockerClient client = engine.CreateClient();

        ContainerInspectResponse container = await client.Containers.InspectContainerAsync("a", Token);

        Assert.Equal(2026, container.Created.Year);
        Assert.Equal((137L, 0L, false, true), (container.State.ExitCode, container.State.Pid, container.State.Running, container.State.OOMKilled));
        Assert.True(DockerTimestamp.TryParse(container.State.StartedAt, out _));
        Assert.Null(container.HostConfig.Memory);
        Assert.Equal(long.MaxValue, container.HostConfig.NanoCPUs);
        Assert.Empty(container.Args);
        Assert.Empty(container.Mounts);
        Assert.Equal("", container.Image);
        Assert.Null(container.NetworkSettings.Ports["80/tcp"]);
        Assert.Equal("4000", container.NetworkSettings.Ports["81/tcp"]![0].HostPort);
        Assert.Empty(container.NetworkSettings.Networks);
    }

    /// <summary>An answer of over 16 KiB is read in pieces: what is lenient must not need the whole of it.</summary>
    [Fact]
    public async Task InspectContainerAsync_LongAnswer_IsReadAsAShortOneIs()
    {
        string arguments = string.Join(',', Enumerable.Repeat("\"0123456789\"", 10_000));
        await using FakeEngine engine = await FakeEngine.StartAsync(context => FakeEngine.Json(
            context, 200,
            $$$"""
            {"Id":"a","Created":{"odd":[1]},"RestartCount":null,"Mounts":[{"Type":"volume","RW":true}],
             "State":{"Status":"running","Running":true,"ExitCode":[0],"Pid":"7","OOMKilled":{"odd":true}},"HostConfig":{"Memory":1073741824},
             "Args":[{{{arguments}}}],"Name":"/flow"}
            """));
        using DockerClient client = engine.CreateClient();

        ContainerInspectResponse container = await client.Containers.InspectContainerAsync("a", Token);

        Assert.Equal(default, container.Created);
        Assert.True(Assert.Single(container.Mounts).RW);
        Assert.Equal((0L, 7L, true, false), (container.State.ExitCode, container.State.Pid, container.State.Running, container.State.OOMKilled));
        Assert.Equal(1_073_741_824, container.HostConfig.Memory);
        Assert.Equal(10_000, container.Args.Count);
        Assert.Equal("/flow", container.Name);
    }

    [Fact]
    public async Task ListContainersAsync_ManyContainers_AreAllRead()
    {
        string containers = string.Join(',', Enumerable.Range(0, 500).Select(i => $$"""{"Id":"{{i}}","Created":{{i}},"SizeRw":null,"Mounts":[{"Type":"volume","RW":true}] }"""));
        await using FakeEngine engine = await FakeEngine.StartAsync(context => FakeEngine.Json(context, 200, $"[{containers}]"));
        using DockerClient client = engine.CreateClient();

        IList<ContainerListResponse> list = await client.Containers.ListContainersAsync(new ContainersListParameters(), Token);

        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"{i}"), list.Select(container => container.ID));
        Assert.All(list, container => Assert.True(Assert.Single(container.Mounts).RW));
    }

    [Fact]
    public async Task GetContainerStatsAsync_Always_AsksForOneShot()
    {
        await using FakeEngine engine = await FakeEngine.StartAsync(context => FakeEngine.Json(
            context, 200, """{"read":"2026-11-21T02:35:00Z","memory_stats":{"usage":5,"limit":18446744073709551615,"stats":{"cache":1}},"networks":null,"blkio_stats":{"io_service_bytes_recursive":null}}"""));
        using DockerClient client = engine.CreateClient();

        ContainerStatsResponse stats = await client.Containers.GetContainerStatsAsync("a", Token);

        Assert.Equal("/v1.41/containers/a/stats?stream=false&one-shot=true", (await engine.NextAsync()).Target);
        Assert.Equal((5UL, ulong.MaxValue, 1UL), (stats.MemoryStats.Usage, stats.MemoryStats.Limit, stats.MemoryStats.Stats["cache"]));
        Assert.Empty(stats.BlkioStats.IoServiceBytesRecursive);
    }

    [Fact]
    public async Task Archive_BothWays_StreamsTarAndReadsTheStat()
    {
        string received = "";
        await using FakeEngine engine = await FakeEngine.StartAsync(async context =>
        {
            if (context.Request.Method == "PUT")
            {
                using var reader = new StreamReader(context.Request.Body);
                received = await reader.ReadToEndAsync();
                return;
            }
            context.Response.Headers["X-Docker-Container-Path-Stat"] = Convert.ToBase64String("""{"name":"f","size":4,"mode":420,"linkTarget":""}"""u8);
            if (context.Request.Method == "GET") await context.Response.WriteAsync("tar!");
        });
        using DockerClient client = engine.CreateClient();
        var path = new GetArchiveFromContainerParameters { Path = "/a b/f" };

        using (GetArchiveFromContainerResponse archive = await client.Containers.GetArchiveFromContainerAsync("c", path, cancellationToken: Token))
        {
            using var reader = new StreamReader(archive.Stream);
            Assert.Equal("tar!", await reader.ReadToEndAsync(Token));
            Assert.Equal(("f", 4L, 420U), (archive.Stat.Name, archive.Stat.Size, archive.Stat.Mode));
        }
        Assert.Equal(4, (await client.Containers.GetArchiveFromContainerAsync("c", path, statOnly: true, Token)).Stat.Size);
        using var body = new MemoryStream(Encoding.UTF8.GetBytes("upload"));
        await client.Containers.ExtractArchiveToContainerAsync("c", new CopyToContainerParameters { Path = "/x" }, body, Token);

        Assert.Equal("/v1.41/containers/c/archive?path=%2Fa%20b%2Ff", (await engine.NextAsync()).Target);
        Assert.Equal("HEAD", (await engine.NextAsync()).Method);
        RecordedRequest put = await engine.NextAsync();
        Assert.Equal(("PUT", "/v1.41/containers/c/archive?path=%2Fx", "application/x-tar"), (put.Method, put.Target, put.Headers["Content-Type"]));
        Assert.Equal("upload", received);
    }

    [Theory]
    [InlineData("a/../../info", "/v1.41/containers/a%2F..%2F..%2Finfo/json")]
    [InlineData("a?b#c", "/v1.41/containers/a%3Fb%23c/json")]
    public async Task InspectContainerAsync_OddName_StaysOneSegment(string id, string target)
    {
        await using FakeEngine engine = await FakeEngine.StartAsync();
        using DockerClient client = engine.CreateClient();

        await client.Containers.InspectContainerAsync(id, Token);

        Assert.Equal(target, (await engine.NextAsync()).Target);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(".")]
    [InlineData("..")]
    public async Task InspectContainerAsync_NameThatWouldChangeThePath_IsRefused(string id)
    {
        await using FakeEngine engine = await FakeEngine.StartAsync();
        using DockerClient client = engine.CreateClient();

        await Assert.ThrowsAsync<DockerApiException>(async () => await client.Containers.InspectContainerAsync(id, Token));
        Assert.Empty(engine.Requests);
    }
}
