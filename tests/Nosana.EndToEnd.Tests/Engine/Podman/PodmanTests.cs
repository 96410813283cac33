using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Engine.Images;
using Nosana.Node.Logs;
using ImageDeleteParameters = Docker.DotNet.Models.ImageDeleteParameters;

namespace Nosana.EndToEnd.Tests.Engine.Podman;

/// <summary>What the agent asks of an engine, asked of Podman.</summary>
public sealed class PodmanTests(PodmanEngine podman) : IClassFixture<PodmanEngine>, IAsyncLifetime
{
    private readonly string _home = Directory.CreateTempSubdirectory("nosana-podman-").FullName;
    private TenantEngine _engine = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _engine = await TenantEngine.OpenAsync(new TestEngine(podman.Address));

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null) await _engine.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    [Fact]
    public async Task PingAsync_SaysThatItIsPodman()
    {
        EngineStatus status = await _engine.Runtime.PingAsync(Token);
        Assert.True(status.IsPodman);
        Assert.True(status.Cpus > 0 && status.MemoryBytes > 0);
        Assert.StartsWith("/", status.DataDirectory, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Hello_SucceedsAndLeavesNothing()
    {
        (int code, JsonNode result) = await RunAsync(Definitions.Shell("echo hello; echo oops >&2"));
        Assert.Equal((0, "success"), (code, Definitions.StatusOf(result)));
        Assert.Equal(["hello", "oops"], Definitions.LinesOf(Definitions.Op(result)).Order());
    }

    [Fact]
    public async Task Terminal_OfAContainer_IsTypedAtSizedAndEnds()
    {
        string job = await _engine.NewJobAsync();
        string container = await _engine.Runtime.CreateAsync(TenantEngine.Spec(job, "sleep", "600"), new HardeningProfile(), Token);
        await _engine.Runtime.StartAsync(container, Token);
        using var client = new Nosana.Docker.EngineClient(podman.Address);
        await Docker.TerminalUse.AssertWorksAsync(client, container, Token);
    }

    [Fact]
    public async Task Run_ExitsWithSeven_FailsWithSeven()
    {
        (int code, JsonNode result) = await RunAsync(Definitions.Shell("exit 7"));
        Assert.Equal((1, 7), (code, Definitions.Op(result)["exitCode"]!.GetValue<int>()));
    }

    [Fact]
    public async Task Run_TwoOperationsWithAVolume_TheSecondReadsWhatTheFirstWrote()
    {
        JsonNode definition = JsonNode.Parse(Definitions.Shell("echo kept > /data/file", new JsonObject { ["volumes"] = Volumes() }))!;
        JsonNode second = definition["ops"]![0]!.DeepClone();
        second["id"] = "reader";
        second["args"]!["cmd"] = "until [ -s /data/file ]; do sleep 0.1; done; cat /data/file";
        definition["ops"]!.AsArray().Add(second);
        (int code, JsonNode result) = await RunAsync(definition.ToJsonString());
        Assert.Equal((0, "success"), (code, Definitions.StatusOf(result)));
        Assert.Equal(["kept"], Definitions.LinesOf(Definitions.Op(result, 1)));
    }

    [Fact]
    public async Task Run_Terminated_StopsTheContainerWithGrace()
    {
        await using NodeProcess run = Start(Definitions.Shell("trap 'echo bye; exit 3' TERM; echo begun; while :; do sleep 0.1; done"));
        await run.LineAsync("begun");
        run.Terminate();
        (int code, JsonNode result) = await EndAsync(run);
        JsonNode op = Definitions.Op(result);
        Assert.Equal((130, 3), (code, op["exitCode"]!.GetValue<int>()));
        Assert.Equal(["begun", "bye"], Definitions.LinesOf(op));
    }

    [Fact]
    public async Task Run_CommandThatIsNotThere_SaysSo()
    {
        (int code, JsonNode result) = await RunAsync(Definitions.Exec("nosuchcmd"));
        Assert.Equal(1, code);
        Assert.Contains("The command cannot be started", Definitions.ErrorsOf(result), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ImageThatIsNotThere_SaysWhich()
    {
        JsonNode definition = JsonNode.Parse(Definitions.Shell("true"))!;
        string image = $"{Environment.GetEnvironmentVariable("NOSANA_TEST_REGISTRY")}/no/such:1";
        definition["ops"]![0]!["args"]!["image"] = image;
        (int code, JsonNode result) = await RunAsync(definition.ToJsonString());
        Assert.Equal(1, code);
        Assert.Contains(image, Definitions.ErrorsOf(result), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ImageThatHasToBePulled_RunsAndIsKeptUnderANameOfOurs()
    {
        const string Image = "alpine:3";
        JsonNode definition = JsonNode.Parse(Definitions.Shell("echo pulled"))!;
        definition["ops"]![0]!["args"]!["image"] = Image;
        (int code, JsonNode result) = await RunAsync(definition.ToJsonString());
        Assert.True(code == 0, result.ToJsonString());
        Assert.Equal(["pulled"], Definitions.LinesOf(Definitions.Op(result)));
        using var test = new TestEngine(podman.Address);
        string name = OwnNames.Of(ImageReference.Parse(Image));
        IEnumerable<string> names = (await test.Client.ListImagesAsync(Token)).SelectMany(image => image.RepoTags.Concat(image.RepoDigests));
        Assert.Contains(name, names);
        Assert.DoesNotContain(names, other => other.Contains("nosana-pull", StringComparison.Ordinal) || other.StartsWith("docker.io/library/alpine", StringComparison.Ordinal));
        await test.Client.DeleteImageAsync(name, new ImageDeleteParameters(), Token);
    }

    [Fact]
    public async Task RunAsync_TwentyThousandLines_LosesNone()
    {
        const int Lines = 20_000;
        HardeningProfile profile = await ProfileAsync();
        string job = await _engine.NewJobAsync();
        string id = await _engine.StartAsync(TenantEngine.Spec(job, "seq", "1", Lines.ToString(CultureInfo.InvariantCulture)));
        using var store = new LogStore(_home, new LogOptions());
        OpLog log = store.OpenOrCreate(job, "op");
        var capture = new LogCapture(log, (request, token) => _engine.Runtime.OpenLogsAsync(id, request.Since, request.Follow, request.Tail, token), profile.FollowedBytes, NullLogger<LogCapture>.Instance);
        await capture.RunAsync(_engine.Runtime.WaitAsync(id, Token), cancellationToken: Token);
        Assert.Equal(Enumerable.Range(1, Lines).Select(line => $"{line}\n"), log.ReadAll().Select(entry => entry.Text));
    }

    [Fact]
    public async Task WaitAsync_MoreMemoryThanAllowed_IsKilled()
    {
        string job = await _engine.NewJobAsync();
        (ContainerExit exit, _) = await _engine.RunAsync(TenantEngine.Shell(job, "exec tail /dev/zero"), new HardeningProfile { MemoryBytes = 32L << 20 });
        Assert.Equal(137, exit.ExitCode);
    }

    [Fact]
    public Task RemoveAllOfJobAsync_OneJob_LeavesNothingOfItAndAllOfTheOther() => JobRemoval.TakesAllOfOneJobAsync(_engine);

    [Fact]
    public async Task Capabilities_FromInside_AreTheShortList()
    {
        (_, string output) = await _engine.RunAsync(TenantEngine.Shell(await _engine.NewJobAsync(), "grep -E 'CapBnd|NoNewPrivs|^Seccomp:' /proc/self/status"));
        Assert.Contains("CapBnd:\t00000000000404fb", output, StringComparison.Ordinal);
        Assert.Contains("NoNewPrivs:\t1", output, StringComparison.Ordinal);
        Assert.Contains("Seccomp:\t2", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EnsureAsync_VolumeThatIsThere_IsNotMadeASecondTime()
    {
        string job = await _engine.NewJobAsync();
        Assert.True(await _engine.Volumes.EnsureAsync($"{job}-data", TenantEngine.Labels(job), Token));
        Assert.False(await _engine.Volumes.EnsureAsync($"{job}-data", TenantEngine.Labels(job), Token));
        await _engine.Volumes.RemoveAsync($"{job}-data", Token);
        Assert.True(await _engine.Volumes.EnsureAsync($"{job}-data", TenantEngine.Labels(job), Token));
    }

    [Fact]
    public async Task CreateAsync_ImageIdThatWasRemoved_IsMissingOnThisHost()
    {
        string job = await _engine.NewJobAsync();
        ContainerSpec spec = TenantEngine.Shell(job, "true") with { ImageId = $"sha256:{new string('0', 64)}" };
        Assert.Equal(EngineFault.PartMissing, (await Assert.ThrowsAsync<EngineException>(() => _engine.StartAsync(spec))).Fault);
    }

    [Fact]
    public async Task StartAsync_NetworkThatWasRemoved_IsMissingOnThisHost()
    {
        string job = $"test-{Guid.NewGuid():N}"[..20];
        var exception = await Assert.ThrowsAsync<EngineException>(() => _engine.StartAsync(TenantEngine.Shell(job, "true")));
        Assert.Equal((EngineFault.PartMissing, FaultOwner.Host), (exception.Fault, exception.Owner));
    }

    [Fact]
    public async Task CreateAsync_GpuAskedOfAnOldPodman_IsRefused()
    {
        HardeningProfile profile = await ProfileAsync();
        if (profile.GpuInjection != GpuInjection.None)
        {
            Assert.Equal(GpuInjection.Cdi, profile.GpuInjection); // a newer one gives them
            return;
        }
        string job = await _engine.NewJobAsync();
        ContainerSpec spec = TenantEngine.Shell(job, "true") with { Gpus = GpuRequest.All };
        var exception = await Assert.ThrowsAsync<EngineException>(() => _engine.Runtime.CreateAsync(spec, profile, Token));
        Assert.Equal((EngineFault.GpuUnavailable, FaultOwner.Host), (exception.Fault, exception.Owner));
    }

    private async Task<HardeningProfile> ProfileAsync() => new ResourceLimits().Of(await _engine.Runtime.PingAsync(Token), new HardeningProfile());

    [Theory]
    [InlineData("/tmp/file")]
    [InlineData("/etc/hosts")]
    [InlineData("/data/file")]
    public async Task Run_FillsMoreThanItsDisk_IsStopped(string file)
    {
        string fill = $"dd if=/dev/zero of={file} bs=1M count=36 && sleep 60; echo all of it";
        await using NodeProcess run = Start(Definitions.Shell(fill, new JsonObject { ["volumes"] = Volumes() }), "--disk", "32m");
        (int code, JsonNode result) = await EndAsync(run);
        Assert.Equal((1, "failed"), (code, Definitions.StatusOf(result)));
        Assert.Contains("more than its budget of 33554432 bytes", Definitions.ErrorsOf(result), StringComparison.Ordinal);
    }

    private static JsonArray Volumes() => new(new JsonObject { ["name"] = "data", ["dest"] = "/data" });

    private async Task<(int Code, JsonNode Result)> RunAsync(string definition)
    {
        await using NodeProcess run = Start(definition);
        return await EndAsync(run);
    }

    private NodeProcess Start(string definition, params string[] options) => NodeProcess.StartRun(_home, definition, podman.Address, options);

    /// <summary>Exit code and result; nothing of the job is left by then.</summary>
    private async Task<(int Code, JsonNode Result)> EndAsync(NodeProcess run)
    {
        // Podman starts programs of its own for each of a container's steps, which takes its time on a busy machine.
        int code = await run.ExitAsync(3 * NodeProcess.Deadline);
        Assert.True(run.Output.Length > 0, $"run ended with {code}:\n{run.Text}");
        Assert.Empty(await _engine.Reaper.FindJobsAsync(null, Token));
        return (code, JsonNode.Parse(run.Output)!);
    }
}
