using System.Formats.Tar;
using System.Net;
using System.Text;
using Nosana.Docker;
using Nosana.Docker.Models;

namespace Nosana.EndToEnd.Tests.Docker;

/// <summary>The client against a real engine. All that a test makes carries a label of its own and is removed with it.</summary>
public sealed class DockerClientTests(TestEngine engine) : IClassFixture<TestEngine>, IAsyncLifetime
{
    private const string Image = "busybox:latest";
    private readonly string _label = $"com.nosana.test={Guid.NewGuid():N}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private DockerClient Client => engine.Client;

    private IDictionary<string, string> Labels => new Dictionary<string, string> { ["com.nosana.test"] = _label.Split('=')[1] };

    private DockerFilters Mine => new() { { "label", _label } };

    public async ValueTask InitializeAsync() => await Client.Images.CreateImageAsync(new ImagesCreateParameters { FromImage = Image }, null, null, Token);

    public async ValueTask DisposeAsync()
    {
        foreach (ContainerListResponse container in await Client.Containers.ListContainersAsync(new ContainersListParameters { All = true, Filters = Mine }))
            await Client.Containers.RemoveContainerAsync(container.ID, new ContainerRemoveParameters { Force = true, RemoveVolumes = true });
        foreach (NetworkResponse network in await Client.Networks.ListNetworksAsync(new NetworksListParameters { Filters = Mine }))
            await Client.Networks.DeleteNetworkAsync(network.ID);
        foreach (VolumeResponse volume in (await Client.Volumes.ListAsync(new VolumesListParameters { Filters = Mine })).Volumes)
            await Client.Volumes.RemoveAsync(volume.Name);
    }

    [Fact]
    public async Task System_RealEngine_AnswersEverything()
    {
        await Client.System.PingAsync(Token);
        VersionResponse version = await Client.System.GetVersionAsync(Token);
        SystemInfoResponse info = await Client.System.GetSystemInfoAsync(Token);
        DiskUsageResponse usage = await Client.System.GetDiskUsageAsync(Token);

        Assert.Equal(version.Version, info.ServerVersion);
        Assert.True(await Client.GetApiVersionAsync(Token) <= Version.Parse(version.APIVersion));
        Assert.True(info.NCPU > 0 && info.MemTotal > 0);
        Assert.Contains(info.CgroupVersion, new[] { "1", "2" });
        Assert.NotEmpty(info.Runtimes);
        Assert.Contains(usage.Images, i => i.Size > 0);
    }

    [Fact]
    public async Task CreateImageAsync_FromTheMirror_ReportsProgressAndIsThere()
    {
        // Under the registry's own name, so that removing it takes nothing from tests that run meanwhile.
        string name = $"{await RegistryAsync()}/library/alpine";
        await RemoveImageAsync($"{name}:latest");
        var steps = new List<JSONMessage>();

        await Client.Images.CreateImageAsync(new ImagesCreateParameters { FromImage = name }, null, new Into<JSONMessage>(steps.Add), Token);

        Assert.Contains(steps, s => s.Status is not null && s.Status.StartsWith("Status: ", StringComparison.Ordinal));
        Assert.Contains(steps, s => s.Status is not null && s.Status.StartsWith("Digest: sha256:", StringComparison.Ordinal));
        ImageInspectResponse image = await Client.Images.InspectImageAsync(name, Token);
        Assert.Contains($"{name}:latest", image.RepoTags);
        Assert.Equal("linux", image.Os);
        Assert.NotEmpty(image.RootFS.Layers);
        Assert.Contains(await Client.Images.ListImagesAsync(new ImagesListParameters { Filters = new DockerFilters { { "reference", name } } }, Token), i => i.ID == image.ID);
        await RemoveImageAsync($"{name}:latest");
    }

    [Fact]
    public async Task Images_ImportTagRemove_ComeAndGo()
    {
        string name = $"nosana-test-{Guid.NewGuid():N}";
        using var tar = new MemoryStream(Tar("hello.txt", "hi"));

        await Client.Images.CreateImageAsync(
            new ImagesCreateParameters { FromSrc = "-", Repo = name, Tag = "1", Changes = ["ENV A=b"] }, tar, null, null, Token);
        await Client.Images.TagImageAsync($"{name}:1", new ImageTagParameters { RepositoryName = name, Tag = "2" }, Token);

        ImageInspectResponse image = await Client.Images.InspectImageAsync($"{name}:2", Token);
        Assert.Contains("A=b", image.Config.Env!);
        Assert.Contains(await Client.Images.DeleteImageAsync($"{name}:1", null, Token), d => d.Untagged == $"{name}:1");
        Assert.Contains(await Client.Images.DeleteImageAsync($"{name}:2", null, Token), d => d.Deleted is not null);
        await Assert.ThrowsAsync<DockerImageNotFoundException>(() => Client.Images.InspectImageAsync($"{name}:2", Token));
    }

    [Fact]
    public async Task Container_WholeLife_CreateStartWaitLogsInspectRemove()
    {
        string id = await CreateAsync("echo out; echo err >&2; exit 7");
        Assert.Equal("created", (await Client.Containers.InspectContainerAsync(id, Token)).State.Status);

        Assert.True(await Client.Containers.StartContainerAsync(id, null, Token));
        Assert.Equal(7, (await Client.Containers.WaitContainerAsync(id, WaitCondition.NotRunning, Token)).StatusCode);

        ContainerInspectResponse inspected = await Client.Containers.InspectContainerAsync(id, Token);
        Assert.Equal(("exited", 7L, false), (inspected.State.Status, inspected.State.ExitCode, inspected.State.OOMKilled));
        Assert.True(DockerTimestamp.TryParse(inspected.State.StartedAt, out DockerTimestamp started));
        Assert.True(DockerTimestamp.TryParse(inspected.State.FinishedAt, out DockerTimestamp finished));
        // Docker 20.10 may stamp the end of a short command before its start: near each other is all that can be asked.
        Assert.True((finished.ToDateTimeOffset() - started.ToDateTimeOffset()).Duration() < TimeSpan.FromMinutes(1));
        await using (MultiplexedStream logs = await Client.Containers.GetContainerLogsAsync(id, false, new ContainerLogsParameters { ShowStdout = true, ShowStderr = true }, Token))
            Assert.Equal(("out\n", "err\n"), await logs.ReadOutputToEndAsync(Token));
        Assert.Equal(id, Assert.Single(await Client.Containers.ListContainersAsync(new ContainersListParameters { All = true, Filters = Mine }, Token)).ID);
        Assert.Empty(await Client.Containers.ListContainersAsync(new ContainersListParameters { Filters = Mine }, Token));

        await Client.Containers.RemoveContainerAsync(id, null, Token);
        await Assert.ThrowsAsync<DockerContainerNotFoundException>(() => Client.Containers.InspectContainerAsync(id, Token));
    }

    [Fact]
    public async Task Container_StopKillRestartUpdateStats_AreSeenByInspect()
    {
        string id = await CreateAsync("trap 'exit 3' TERM; echo ready; while :; do sleep 0.1; done");
        await StartAndWaitForOutputAsync(id);
        Assert.False(await Client.Containers.StartContainerAsync(id, null, Token));

        await Client.Containers.UpdateContainerAsync(id, new ContainerUpdateParameters { Memory = 64 << 20, MemorySwap = 64 << 20 }, Token);
        Assert.Equal(64 << 20, (await Client.Containers.InspectContainerAsync(id, Token)).HostConfig.Memory);
        Assert.True((await Client.Containers.GetContainerStatsAsync(id, Token)).CPUStats.CPUUsage.TotalUsage > 0);

        Assert.True(await Client.Containers.StopContainerAsync(id, new ContainerStopParameters { WaitBeforeKillSeconds = 30 }, Token));
        Assert.Equal(3, (await Client.Containers.InspectContainerAsync(id, Token)).State.ExitCode);
        Assert.False(await Client.Containers.StopContainerAsync(id, null, Token));

        await Client.Containers.RestartContainerAsync(id, null, Token);
        Assert.True((await Client.Containers.InspectContainerAsync(id, Token)).State.Running);
        Task<ContainerWaitResponse> wait = Client.Containers.WaitContainerAsync(id, WaitCondition.NotRunning, Token);
        await Client.Containers.KillContainerAsync(id, null, Token);
        Assert.Equal(137, (await wait).StatusCode);
        var e = await Assert.ThrowsAsync<DockerApiException>(() => Client.Containers.KillContainerAsync(id, null, Token));
        Assert.Equal(HttpStatusCode.Conflict, e.StatusCode);
    }

    [Fact]
    public async Task Logs_LineOver16KiB_IsPutTogetherWithoutTheTimestampsInsideIt()
    {
        const int Length = 50_000;
        string id = await CreateAsync($"head -c {Length} /dev/zero | tr '\\0' x; echo; echo short; echo error >&2");
        await Client.Containers.StartContainerAsync(id, null, Token);
        await Client.Containers.WaitContainerAsync(id, WaitCondition.NotRunning, Token);
        var parameters = new ContainerLogsParameters { ShowStdout = true, ShowStderr = true, Timestamps = true };

        int frames = 0;
        await using (MultiplexedStream raw = await Client.Containers.GetContainerLogsAsync(id, false, parameters, Token))
        {
            while (await raw.ReadFrameAsync(Token) is { IsEndOfStream: false } frame)
            {
                frames++;
                Assert.True(DockerTimestamp.TryParse(frame.Data.Span, out _, out int length));
                Assert.Equal((byte)' ', frame.Data.Span[length]);
            }
        }
        Assert.True(frames > 3, "the engine no longer cuts long lines into frames");

        await using var reader = new LogLineReader(await Client.Containers.GetContainerLogsAsync(id, false, parameters, Token), timestamps: true);
        var lines = new List<(MultiplexedStream.TargetStream Target, string Text)>();
        while (await reader.ReadAsync(Token))
        {
            Assert.NotNull(reader.Current.Timestamp);
            lines.Add((reader.Current.Target, Encoding.UTF8.GetString(reader.Current.Data.Span)));
        }
        Assert.Equal(
            [new string('x', Length), "short"], lines.Where(l => l.Target == MultiplexedStream.TargetStream.StandardOut).Select(l => l.Text));
        Assert.Equal(["error"], lines.Where(l => l.Target == MultiplexedStream.TargetStream.StandardError).Select(l => l.Text));
    }

    [Fact]
    public async Task Logs_SinceTheLastLine_GoOnExactlyThere()
    {
        string id = await CreateAsync("for i in 1 2 3 4 5 6 7 8; do echo $i; done");
        await Client.Containers.StartContainerAsync(id, null, Token);
        await Client.Containers.WaitContainerAsync(id, WaitCondition.NotRunning, Token);
        List<(DockerTimestamp At, string Text)> all = await LinesAsync(id, since: null);
        Assert.Equal(["1", "2", "3", "4", "5", "6", "7", "8"], all.Select(l => l.Text));

        List<(DockerTimestamp At, string Text)> rest = await LinesAsync(id, all[4].At.ToEngineString());

        Assert.Equal(all.Where(l => l.At >= all[4].At), rest);
        Assert.Equal(all.Where(l => l.At > all[4].At), await LinesAsync(id, new DockerTimestamp(all[4].At.UnixNanoseconds + 1).ToEngineString()));
    }

    [Fact]
    public async Task Logs_FollowedWithTerminal_AreRawAndEndWithTheContainer()
    {
        string id = await CreateAsync("echo one; echo two >&2", tty: true);
        await Client.Containers.StartContainerAsync(id, null, Token);

        await using MultiplexedStream logs = await Client.Containers.GetContainerLogsAsync(
            id, tty: true, new ContainerLogsParameters { ShowStdout = true, ShowStderr = true, Follow = true }, Token);

        Assert.Equal(("one\r\ntwo\r\n", ""), await logs.ReadOutputToEndAsync(Token));
    }

    [Fact]
    public async Task Logs_FollowCancelled_EndsAtOnceAndTheContainerRunsOn()
    {
        string id = await CreateAsync("echo ready; sleep 600");
        await StartAndWaitForOutputAsync(id);
        using var stop = new CancellationTokenSource();
        await using MultiplexedStream logs = await Client.Containers.GetContainerLogsAsync(id, false, new ContainerLogsParameters { ShowStdout = true, Follow = true }, stop.Token);
        await logs.ReadFrameAsync(stop.Token);

        Task<LogFrame> waiting = logs.ReadFrameAsync(stop.Token).AsTask();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.True((await Client.Containers.InspectContainerAsync(id, Token)).State.Running);
    }

    [Fact]
    public async Task ArchiveAndExec_FilePutIn_IsReadBothWays()
    {
        string id = await CreateAsync("echo ready; sleep 600");
        await StartAndWaitForOutputAsync(id);
        using var tar = new MemoryStream(Tar("note.txt", "from outside"));
        await Client.Containers.ExtractArchiveToContainerAsync(id, new CopyToContainerParameters { Path = "/tmp" }, tar, Token);

        ContainerExecCreateResponse exec = await Client.Exec.ExecCreateContainerAsync(
            id, new ContainerExecCreateParameters { Cmd = ["sh", "-c", "cat /tmp/note.txt; exit 4"], AttachStdout = true, AttachStderr = true }, Token);
        await using (MultiplexedStream output = await Client.Exec.StartAndAttachContainerExecAsync(exec.ID, tty: false, Token))
            Assert.Equal(("from outside", ""), await output.ReadOutputToEndAsync(Token));
        Assert.Equal(4, (await Client.Exec.InspectContainerExecAsync(exec.ID, Token)).ExitCode);

        using GetArchiveFromContainerResponse archive = await Client.Containers.GetArchiveFromContainerAsync(
            id, new GetArchiveFromContainerParameters { Path = "/tmp/note.txt" }, cancellationToken: Token);
        Assert.Equal(12, archive.Stat.Size);
        await using var entries = new TarReader(archive.Stream);
        TarEntry? entry = await entries.GetNextEntryAsync(copyData: true, Token);
        using var text = new StreamReader(entry!.DataStream!);
        Assert.Equal("from outside", await text.ReadToEndAsync(Token));
        var e = await Assert.ThrowsAsync<DockerApiException>(
            () => Client.Containers.GetArchiveFromContainerAsync(id, new GetArchiveFromContainerParameters { Path = "/none" }, cancellationToken: Token));
        Assert.Equal(HttpStatusCode.NotFound, e.StatusCode);
    }

    [Fact]
    public async Task ExtractArchiveToContainerAsync_LargeUploadToAMissingContainer_IsRefusedAndNotBroken()
    {
        using var large = new MemoryStream(new byte[64 << 20]);

        await Assert.ThrowsAsync<DockerContainerNotFoundException>(
            () => Client.Containers.ExtractArchiveToContainerAsync("nosana-none", new CopyToContainerParameters { Path = "/" }, large, Token));
    }

    [Fact]
    public async Task Networks_CreateConnectDisconnectDelete_AreSeenByInspect()
    {
        string name = $"nosana-test-{Guid.NewGuid():N}";
        string id = (await Client.Networks.CreateNetworkAsync(new NetworksCreateParameters { Name = name, Internal = true, Labels = Labels }, Token)).ID;
        var e = await Assert.ThrowsAsync<DockerApiException>(() => Client.Networks.CreateNetworkAsync(new NetworksCreateParameters { Name = name }, Token));
        Assert.Equal(HttpStatusCode.Conflict, e.StatusCode);

        string container = await CreateAsync("echo ready; sleep 600");
        await StartAndWaitForOutputAsync(container);
        await Client.Networks.ConnectNetworkAsync(id, new NetworkConnectParameters { Container = container, EndpointConfig = new EndpointSettings { Aliases = ["web"] } }, Token);

        NetworkResponse network = await Client.Networks.InspectNetworkAsync(name, Token);
        Assert.True(network.Internal);
        Assert.Contains(container, network.Containers.Keys);
        Assert.Contains("web", (await Client.Containers.InspectContainerAsync(container, Token)).NetworkSettings.Networks[name].Aliases!);
        await Client.Networks.DisconnectNetworkAsync(id, new NetworkDisconnectParameters { Container = container, Force = true }, Token);
        Assert.Empty((await Client.Networks.InspectNetworkAsync(id, Token)).Containers);
        await Client.Networks.DeleteNetworkAsync(id, Token);
        await Assert.ThrowsAsync<DockerNetworkNotFoundException>(() => Client.Networks.InspectNetworkAsync(id, Token));
    }

    [Fact]
    public async Task Volumes_CreateUseRemove_AreSeenByInspect()
    {
        string name = $"nosana-test-{Guid.NewGuid():N}";
        await Client.Volumes.CreateAsync(new VolumesCreateParameters { Name = name, Labels = Labels }, Token);
        Assert.Equal(name, Assert.Single((await Client.Volumes.ListAsync(new VolumesListParameters { Filters = Mine }, Token)).Volumes).Name);
        Assert.NotEqual("", (await Client.Volumes.InspectAsync(name, Token)).Mountpoint);

        string container = await CreateAsync("true", host: new HostConfig { Mounts = [new Mount { Type = "volume", Source = name, Target = "/data" }] });
        var e = await Assert.ThrowsAsync<DockerApiException>(() => Client.Volumes.RemoveAsync(name, force: null, Token));
        Assert.Equal(HttpStatusCode.Conflict, e.StatusCode);
        Assert.Equal("/data", Assert.Single((await Client.Containers.InspectContainerAsync(container, Token)).Mounts).Destination);
        await Client.Containers.RemoveContainerAsync(container, null, Token);
        await Client.Volumes.RemoveAsync(name, force: null, Token);
        await Assert.ThrowsAsync<DockerVolumeNotFoundException>(() => Client.Volumes.InspectAsync(name, Token));
    }

    [Fact]
    public async Task StreamEventsAsync_SinceBeforeTheStart_TellsTheWholeLife()
    {
        string id = await CreateAsync("exit 5");
        ContainerInspectResponse created = await Client.Containers.InspectContainerAsync(id, Token);
        var parameters = new ContainerEventsParameters
        {
            Since = DockerTimestamp.FromDateTimeOffset(new DateTimeOffset(created.Created)).ToEngineString(),
            Filters = new DockerFilters { { "type", "container" }, { "label", _label } },
        };

        await Client.Containers.StartContainerAsync(id, null, Token);
        var seen = new List<Message>();
        await foreach (Message message in Client.System.StreamEventsAsync(parameters, Token))
        {
            seen.Add(message);
            if (message.Action == "die") break;
        }

        Assert.Contains(seen, m => m.Action == "start" && m.Actor.ID == id);
        Assert.Equal("5", seen[^1].Actor.Attributes["exitCode"]);
        Assert.True(seen[^1].TimeNano > seen[0].TimeNano);
    }

    [Fact]
    public async Task Create_ImageThatIsNotThere_IsTyped()
    {
        await Assert.ThrowsAsync<DockerImageNotFoundException>(() => Client.Containers.CreateContainerAsync(
            new CreateContainerParameters { Image = "nosana-test/none:1", Labels = Labels }, Token));
    }

    [Fact]
    public async Task CreateImageAsync_ImageThatTheRegistryLacks_IsTyped()
    {
        string registry = await RegistryAsync();

        await Assert.ThrowsAsync<DockerImageNotFoundException>(() => Client.Images.CreateImageAsync(
            new ImagesCreateParameters { FromImage = $"{registry}/library/busybox:none" }, null, null, Token));
        await Assert.ThrowsAsync<DockerImageNotFoundException>(() => Client.Images.CreateImageAsync(
            new ImagesCreateParameters { FromImage = $"{registry}/nosana-test/none" }, null, null, Token));
    }

    [Fact]
    public async Task Create_NameThatIsTaken_IsAConflict()
    {
        string name = $"nosana-test-{Guid.NewGuid():N}";
        await CreateAsync("true", name: name);

        var e = await Assert.ThrowsAsync<DockerApiException>(() => CreateAsync("true", name: name));
        Assert.Equal(HttpStatusCode.Conflict, e.StatusCode);
    }

    [Fact]
    public async Task Start_CommandThatCannotStart_IsABadRequestAndExitCode127()
    {
        string id = (await Client.Containers.CreateContainerAsync(new CreateContainerParameters { Image = Image, Cmd = ["/no/such/command"], Labels = Labels }, Token)).ID;

        var e = await Assert.ThrowsAsync<DockerApiException>(() => Client.Containers.StartContainerAsync(id, null, Token));

        Assert.Equal(HttpStatusCode.BadRequest, e.StatusCode);
        Assert.Contains("/no/such/command", e.EngineMessage);
        Assert.Equal(127, (await Client.Containers.InspectContainerAsync(id, Token)).State.ExitCode);
    }

    private async Task<string> CreateAsync(string script, string? name = null, bool tty = false, HostConfig? host = null) =>
        (await Client.Containers.CreateContainerAsync(
            new CreateContainerParameters { Name = name, Image = Image, Cmd = ["sh", "-c", script], Tty = tty, Labels = Labels, HostConfig = host }, Token)).ID;

    private async Task StartAndWaitForOutputAsync(string id)
    {
        await Client.Containers.StartContainerAsync(id, null, Token);
        await using MultiplexedStream logs = await Client.Containers.GetContainerLogsAsync(id, false, new ContainerLogsParameters { ShowStdout = true, Follow = true }, Token);
        Assert.Equal("ready\n"u8.ToArray(), (await logs.ReadFrameAsync(Token)).Data.ToArray());
    }

    private async Task<List<(DockerTimestamp At, string Text)>> LinesAsync(string id, string? since)
    {
        await using var reader = new LogLineReader(
            await Client.Containers.GetContainerLogsAsync(id, false, new ContainerLogsParameters { ShowStdout = true, Timestamps = true, Since = since }, Token), timestamps: true);
        var lines = new List<(DockerTimestamp, string)>();
        while (await reader.ReadAsync(Token)) lines.Add((reader.Current.Timestamp!.Value, Encoding.UTF8.GetString(reader.Current.Data.Span)));
        return lines;
    }

    private async Task<string> RegistryAsync() =>
        new Uri(Assert.Single((await Client.System.GetSystemInfoAsync(Token)).RegistryConfig.Mirrors)).Authority;

    private async Task RemoveImageAsync(string name)
    {
        try
        {
            await Client.Images.DeleteImageAsync(name, new ImageDeleteParameters { Force = true }, Token);
        }
        catch (DockerImageNotFoundException)
        {
            // Not there is what the test needs.
        }
    }

    private static byte[] Tar(string name, string text)
    {
        using var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, leaveOpen: true))
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
        return bytes.ToArray();
    }

    private sealed class Into<T>(Action<T> report) : IProgress<T>
    {
        public void Report(T value) => report(value);
    }
}
