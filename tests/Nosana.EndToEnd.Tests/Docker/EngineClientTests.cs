using System.Formats.Tar;
using System.Net;
using System.Text;
using Docker.DotNet.Models;
using Nosana.Docker;
using Nosana.Docker.Tests;

namespace Nosana.EndToEnd.Tests.Docker;

/// <summary>The client against a real engine. All that a test makes carries a label of its own and is removed with it.</summary>
public sealed class EngineClientTests(TestEngine engine) : IClassFixture<TestEngine>, IAsyncLifetime
{
    private const string Image = "busybox:latest";
    private readonly string _label = $"com.nosana.test={Guid.NewGuid():N}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private EngineClient Client => engine.Client;

    private IDictionary<string, string> Labels => new Dictionary<string, string> { ["com.nosana.test"] = _label.Split('=')[1] };

    private DockerFilters Mine => new() { { "label", _label } };

    public async ValueTask InitializeAsync() => await Client.PullImageAsync(Image, null, null, Token);

    public async ValueTask DisposeAsync()
    {
        foreach (ContainerListResponse container in await Client.ListContainersAsync(new ContainersListParameters { All = true, Filters = Mine }))
            await Client.RemoveContainerAsync(container.ID, new ContainerRemoveParameters { Force = true, RemoveVolumes = true });
        foreach (NetworkResponse network in await Client.ListNetworksAsync(new NetworksListParameters { Filters = Mine }))
            await Client.DeleteNetworkAsync(network.ID);
        foreach (VolumeResponse volume in await Client.ListVolumesAsync(new VolumesListParameters { Filters = Mine }))
            await Client.RemoveVolumeAsync(volume.Name);
    }

    [Fact]
    public async Task System_RealEngine_AnswersEverything()
    {
        VersionResponse version = await Client.GetVersionAsync(Token);
        SystemInfoResponse info = await Client.GetSystemInfoAsync(Token);

        Assert.Equal(version.Version, info.ServerVersion);
        Assert.True(info.NCPU > 0 && info.MemTotal > 0);
        Assert.Contains(info.CgroupVersion, new[] { "1", "2" });
        Assert.NotEmpty(info.Runtimes);
    }

    [Fact]
    public async Task PullImageAsync_FromTheMirror_ReportsProgressAndIsThere()
    {
        // Under the registry's own name, so that removing it takes nothing from tests that run meanwhile.
        string name = $"{await RegistryAsync()}/library/alpine";
        await RemoveImageAsync($"{name}:latest");
        var steps = new List<JSONMessage>();

        await Client.PullImageAsync(name, null, new Into<JSONMessage>(steps.Add), Token);

        Assert.Contains(steps, s => s.Status is not null && s.Status.StartsWith("Status: ", StringComparison.Ordinal));
        Assert.Contains(steps, s => s.Status is not null && s.Status.StartsWith("Digest: sha256:", StringComparison.Ordinal));
        ImageInspectResponse image = await Client.InspectImageAsync(name, Token);
        Assert.Contains($"{name}:latest", image.RepoTags);
        Assert.Equal("linux", image.Os);
        await RemoveImageAsync($"{name}:latest");
    }

    [Fact]
    public async Task Images_ImportRemove_ComeAndGo()
    {
        string name = $"nosana-test-{Guid.NewGuid():N}";
        using var tar = new MemoryStream(Tar("hello.txt", "hi"));

        await Client.ImportImageAsync(name, "1", tar, ["ENV A=b"], Token);

        ImageInspectResponse image = await Client.InspectImageAsync($"{name}:1", Token);
        Assert.Contains("A=b", image.Config!.Env!);
        Assert.Contains(await Client.ListImagesAsync(Token), listed => listed.ID == image.ID && listed.RepoTags.Contains($"{name}:1"));
        await Client.DeleteImageAsync($"{name}:1", new ImageDeleteParameters(), Token);
        await Assert.ThrowsAsync<DockerImageNotFoundException>(() => Client.InspectImageAsync($"{name}:1", Token));
    }

    [Fact]
    public async Task Terminal_OfAContainer_IsTypedAtSizedAndEnds()
    {
        string id = await CreateAsync("sleep 600");
        await Client.StartContainerAsync(id, Token);
        await TerminalUse.AssertWorksAsync(Client, id, Token);
    }

    [Fact]
    public async Task Terminal_OfAContainerThatDoesNotRun_IsRefused()
    {
        string id = await CreateAsync("true");
        await Assert.ThrowsAsync<DockerApiException>(() => Client.CreateTerminalAsync(id, new TerminalSpec(["/bin/sh"], []), Token));
        await Assert.ThrowsAsync<DockerContainerNotFoundException>(() => Client.CreateTerminalAsync("nosuch", new TerminalSpec(["/bin/sh"], []), Token));
    }

    [Fact]
    public async Task Container_WholeLife_CreateStartWaitLogsInspectRemove()
    {
        string id = await CreateAsync("echo out; echo err >&2; exit 7");
        Assert.Equal("created", (await StateAsync(id)).Status);

        Assert.True(await Client.StartContainerAsync(id, Token));
        await Client.WaitContainerAsync(id, WaitCondition.NotRunning, Token);

        ContainerInspectResponse inspected = await Client.InspectContainerAsync(id, Token);
        Assert.Equal(("exited", 7L, false), (inspected.State!.Status, inspected.State.ExitCode, inspected.State.OOMKilled));
        Assert.True(DockerTimestamp.TryParse(inspected.State.StartedAt, out DockerTimestamp started));
        Assert.True(DockerTimestamp.TryParse(inspected.State.FinishedAt, out DockerTimestamp finished));
        // Docker 20.10 may stamp the end of a short command before its start: near each other is all that can be asked.
        Assert.True((finished.ToDateTimeOffset() - started.ToDateTimeOffset()).Duration() < TimeSpan.FromMinutes(1));
        await using (MultiplexedStream logs = await Client.OpenOutputAsync(id, new ContainerLogsParameters { ShowStdout = true, ShowStderr = true }, Token))
            Assert.Equal(("out\n", "err\n"), await logs.ReadOutputToEndAsync(Token));
        Assert.Equal(id, Assert.Single(await Client.ListContainersAsync(new ContainersListParameters { All = true, Filters = Mine }, Token)).ID);
        Assert.Empty(await Client.ListContainersAsync(new ContainersListParameters { Filters = Mine }, Token));

        await Client.RemoveContainerAsync(id, new ContainerRemoveParameters(), Token);
        await Assert.ThrowsAsync<DockerContainerNotFoundException>(() => Client.InspectContainerAsync(id, Token));
    }

    [Fact]
    public async Task Container_StopAndWait_KeepTheirGraceAndConditions()
    {
        string id = await CreateAsync("trap 'exit 3' TERM; echo ready; while :; do sleep 0.1; done");
        Task ended = Client.WaitContainerAsync(id, WaitCondition.NextExit, Token);
        await StartAndWaitForOutputAsync(id);
        Assert.False(await Client.StartContainerAsync(id, Token));
        Assert.False(ended.IsCompleted);

        await Client.StopContainerAsync(id, 30, Token);
        await ended;
        Assert.Equal(3, (await StateAsync(id)).ExitCode);
        await Client.StopContainerAsync(id, 30, Token);

        Task removed = Client.WaitContainerAsync(id, WaitCondition.Removed, Token);
        Assert.False(removed.IsCompleted);
        await Client.RemoveContainerAsync(id, new ContainerRemoveParameters(), Token);
        await removed;
    }

    [Fact]
    public async Task StopContainerAsync_NoGrace_IsNotTheContainersOwn()
    {
        string id = await CreateAsync("trap '' TERM; echo ready; while :; do sleep 0.1; done", stopTimeout: TimeSpan.FromHours(1));
        await StartAndWaitForOutputAsync(id);

        await Client.StopContainerAsync(id, 0, Token);

        Assert.Equal(137, (await StateAsync(id)).ExitCode);
    }

    [Fact]
    public async Task Output_LineOver16KiB_IsFramesWithATimestampEach()
    {
        const int Length = 50_000;
        string id = await CreateAsync($"head -c {Length} /dev/zero | tr '\\0' x; echo; echo short; echo error >&2");
        await Client.StartContainerAsync(id, Token);
        await Client.WaitContainerAsync(id, WaitCondition.NotRunning, Token);
        var parameters = new ContainerLogsParameters { ShowStdout = true, ShowStderr = true, Timestamps = true };

        int frames = 0;
        await using (MultiplexedStream raw = await Client.OpenOutputAsync(id, parameters, Token))
        {
            while (await raw.ReadFrameAsync(Token) is { IsEndOfStream: false } frame)
            {
                frames++;
                Assert.True(DockerTimestamp.TryParse(frame.Data.Span, out _, out int length));
                Assert.Equal((byte)' ', frame.Data.Span[length]);
            }
        }
        Assert.True(frames > 3, "the engine no longer cuts long lines into frames");
    }

    [Fact]
    public async Task Output_SinceTheLastLine_GoOnExactlyThere()
    {
        string id = await CreateAsync("for i in 1 2 3 4 5 6 7 8; do echo $i; done");
        await Client.StartContainerAsync(id, Token);
        await Client.WaitContainerAsync(id, WaitCondition.NotRunning, Token);
        List<(DockerTimestamp At, string Text)> all = await LinesAsync(id, since: null);
        Assert.Equal(["1", "2", "3", "4", "5", "6", "7", "8"], all.Select(l => l.Text));

        List<(DockerTimestamp At, string Text)> rest = await LinesAsync(id, all[4].At.ToEngineString());

        Assert.Equal(all.Where(l => l.At.UnixNanoseconds >= all[4].At.UnixNanoseconds), rest);
        Assert.Equal(all.Where(l => l.At.UnixNanoseconds > all[4].At.UnixNanoseconds), await LinesAsync(id, new DockerTimestamp(all[4].At.UnixNanoseconds + 1).ToEngineString()));
    }

    [Fact]
    public async Task Output_FollowCancelled_EndsAtOnceAndTheContainerRunsOn()
    {
        string id = await CreateAsync("echo ready; sleep 600");
        await StartAndWaitForOutputAsync(id);
        using var stop = new CancellationTokenSource();
        await using MultiplexedStream logs = await Client.OpenOutputAsync(id, new ContainerLogsParameters { ShowStdout = true, Follow = true }, stop.Token);
        await logs.ReadFrameAsync(stop.Token);

        Task<LogFrame> waiting = logs.ReadFrameAsync(stop.Token).AsTask();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.True((await StateAsync(id)).Running);
    }

    [Fact]
    public async Task Archive_FilePutIn_ComesOutAgain()
    {
        string id = await CreateAsync("echo ready; sleep 600");
        await StartAndWaitForOutputAsync(id);
        using var tar = new MemoryStream(Tar("note.txt", "from outside"));
        await Client.ExtractArchiveAsync(id, "/tmp", tar, Token);

        await using var entries = new TarReader(await Client.ReadArchiveAsync(id, "/tmp/note.txt", Token));
        TarEntry? entry = await entries.GetNextEntryAsync(copyData: true, Token);
        using var text = new StreamReader(entry!.DataStream!);
        Assert.Equal("from outside", await text.ReadToEndAsync(Token));
        var e = await Assert.ThrowsAsync<DockerApiException>(() => Client.ReadArchiveAsync(id, "/none", Token));
        Assert.Equal(HttpStatusCode.NotFound, e.StatusCode);
    }

    [Fact]
    public async Task ExtractArchiveAsync_LargeUploadToAMissingContainer_IsRefusedAndNotBroken()
    {
        using var large = new MemoryStream(new byte[64 << 20]);

        await Assert.ThrowsAsync<DockerContainerNotFoundException>(() => Client.ExtractArchiveAsync("nosana-none", "/", large, Token));
    }

    [Fact]
    public async Task Networks_CreateDelete_AreSeenByInspect()
    {
        string name = $"nosana-test-{Guid.NewGuid():N}";
        string id = (await Client.CreateNetworkAsync(new NetworksCreateParameters { Name = name, Internal = true, Labels = Labels }, Token)).ID;
        var e = await Assert.ThrowsAsync<DockerApiException>(() => Client.CreateNetworkAsync(new NetworksCreateParameters { Name = name }, Token));
        Assert.Equal(HttpStatusCode.Conflict, e.StatusCode);

        NetworkResponse network = await Client.InspectNetworkAsync(name, Token);
        Assert.Equal((id, true), (network.ID, network.Internal));
        Assert.Equal(id, Assert.Single(await Client.ListNetworksAsync(new NetworksListParameters { Filters = Mine }, Token)).ID);
        await Client.DeleteNetworkAsync(id, Token);
        await Assert.ThrowsAsync<DockerNetworkNotFoundException>(() => Client.InspectNetworkAsync(id, Token));
    }

    [Fact]
    public async Task Volumes_CreateUseRemove_AreSeenByInspect()
    {
        string name = $"nosana-test-{Guid.NewGuid():N}";
        await Client.CreateVolumeAsync(new VolumesCreateParameters { Name = name, Labels = Labels }, Token);
        Assert.Equal(name, Assert.Single(await Client.ListVolumesAsync(new VolumesListParameters { Filters = Mine }, Token)).Name);
        Assert.NotEqual("", (await Client.InspectVolumeAsync(name, Token)).Mountpoint);

        string container = await CreateAsync("true", host: new HostConfig { Mounts = [new Mount { Type = "volume", Source = name, Target = "/data" }] });
        var e = await Assert.ThrowsAsync<DockerApiException>(() => Client.RemoveVolumeAsync(name, Token));
        Assert.Equal(HttpStatusCode.Conflict, e.StatusCode);
        Assert.Equal("/data", Assert.Single((await Client.InspectContainerAsync(container, Token)).Mounts).Destination);
        await Client.RemoveContainerAsync(container, new ContainerRemoveParameters(), Token);
        await Client.RemoveVolumeAsync(name, Token);
        await Assert.ThrowsAsync<DockerVolumeNotFoundException>(() => Client.InspectVolumeAsync(name, Token));
    }

    [Fact]
    public async Task Create_ImageThatIsNotThere_IsTyped()
    {
        await Assert.ThrowsAsync<DockerImageNotFoundException>(() => Client.CreateContainerAsync(
            new CreateContainerParameters { Image = "nosana-test/none:1", Labels = Labels }, Token));
    }

    [Fact]
    public async Task PullImageAsync_ImageThatTheRegistryLacks_IsTyped()
    {
        string registry = await RegistryAsync();

        await Assert.ThrowsAsync<DockerImageNotFoundException>(() => Client.PullImageAsync($"{registry}/library/busybox:none", null, null, Token));
        await Assert.ThrowsAsync<DockerImageNotFoundException>(() => Client.PullImageAsync($"{registry}/nosana-test/none", null, null, Token));
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
        string id = (await Client.CreateContainerAsync(new CreateContainerParameters { Image = Image, Cmd = ["/no/such/command"], Labels = Labels }, Token)).ID;

        var e = await Assert.ThrowsAsync<DockerApiException>(() => Client.StartContainerAsync(id, Token));

        Assert.Equal(HttpStatusCode.BadRequest, e.StatusCode);
        Assert.Contains("/no/such/command", e.EngineMessage);
        Assert.Equal(127, (await StateAsync(id)).ExitCode);
    }

    private async Task<State> StateAsync(string id) => (await Client.InspectContainerAsync(id, Token)).State!;

    private async Task<string> CreateAsync(string script, string? name = null, HostConfig? host = null, TimeSpan? stopTimeout = null) =>
        (await Client.CreateContainerAsync(
            new CreateContainerParameters { Name = name, Image = Image, Cmd = ["sh", "-c", script], Labels = Labels, StopTimeout = stopTimeout, HostConfig = host }, Token)).ID;

    private async Task StartAndWaitForOutputAsync(string id)
    {
        await Client.StartContainerAsync(id, Token);
        await using MultiplexedStream logs = await Client.OpenOutputAsync(id, new ContainerLogsParameters { ShowStdout = true, Follow = true }, Token);
        Assert.Equal("ready\n"u8.ToArray(), (await logs.ReadFrameAsync(Token)).Data.ToArray());
    }

    private async Task<List<(DockerTimestamp At, string Text)>> LinesAsync(string id, string? since)
    {
        await using MultiplexedStream output = await Client.OpenOutputAsync(id, new ContainerLogsParameters { ShowStdout = true, Timestamps = true, Since = since }, Token);
        var lines = new List<(DockerTimestamp, string)>();
        while (await output.ReadFrameAsync(Token) is { IsEndOfStream: false } frame)
        {
            Assert.True(DockerTimestamp.TryParse(frame.Data.Span, out DockerTimestamp at, out int length));
            lines.Add((at, Encoding.UTF8.GetString(frame.Data.Span[(length + 1)..]).TrimEnd('\n')));
        }
        return lines;
    }

    private async Task<string> RegistryAsync() =>
        new Uri(Assert.Single((await Client.GetSystemInfoAsync(Token)).RegistryConfig!.Mirrors)).Authority;

    private async Task RemoveImageAsync(string name)
    {
        try
        {
            await Client.DeleteImageAsync(name, new ImageDeleteParameters { Force = true }, Token);
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
