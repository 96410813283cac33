using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Engine.Images;

namespace Nosana.EndToEnd.Tests.Engine;

public sealed class ContainerRuntimeTests : IAsyncLifetime
{
    private TenantEngine _engine = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _engine = await TenantEngine.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null) await _engine.DisposeAsync();
    }

    [Fact]
    public async Task PingAsync_RealEngine_SaysWhatItIs()
    {
        EngineStatus status = await _engine.Runtime.PingAsync(Token);
        Assert.NotEmpty(status.Version);
        Assert.True(status.Cpus > 0 && status.MemoryBytes > 0);
        Assert.StartsWith("/", status.DataDirectory, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PingAsync_NoEngine_IsTheHostsFault()
    {
        using var client = new Nosana.Docker.EngineClient(new Uri("unix:///nonexistent/engine.sock"));
        var runtime = new ContainerRuntime(client, Microsoft.Extensions.Logging.Abstractions.NullLogger<ContainerRuntime>.Instance);
        Assert.Equal(EngineFault.EngineDown, (await Assert.ThrowsAsync<EngineException>(() => runtime.PingAsync(Token))).Fault);
    }

    [Fact]
    public async Task WaitAsync_CommandThatExitsSeven_SaysSeven()
    {
        string job = await _engine.NewJobAsync();
        (ContainerExit exit, string output) = await _engine.RunAsync(TenantEngine.Shell(job, "echo bye; exit 7"));
        Assert.Equal((7, false, null, null), (exit.ExitCode, exit.OomKilled, exit.Error, exit.CommandError));
        Assert.True(exit.FinishedAt >= exit.StartedAt);
        Assert.Equal("bye\n", output);
    }

    [Fact]
    public async Task WaitAsync_CommandThatIsNotThere_SaysWhy()
    {
        string job = await _engine.NewJobAsync();
        (ContainerExit exit, _) = await _engine.RunAsync(TenantEngine.Spec(job, "nosuchcmd"));
        Assert.Equal(127, exit.ExitCode);
        Assert.Contains("nosuchcmd", exit.CommandError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WaitAsync_CommandMissingWithinAShell_IsAnOrdinaryExit()
    {
        string job = await _engine.NewJobAsync();
        (ContainerExit exit, _) = await _engine.RunAsync(TenantEngine.Shell(job, "nosuchcmd"));
        Assert.Equal((127, null), (exit.ExitCode, exit.CommandError));
    }

    [Fact]
    public async Task StartAsync_CommandThatIsNotThereWithoutInit_IsTheDefinitionsFault()
    {
        string job = await _engine.NewJobAsync();
        var exception = await Assert.ThrowsAsync<EngineException>(() => _engine.StartAsync(TenantEngine.Spec(job, "nosuchcmd"), new HardeningProfile { Init = false }));
        Assert.Equal((EngineFault.CommandCannotStart, FaultOwner.Definition), (exception.Fault, exception.Owner));
        Assert.Contains("nosuchcmd", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("relative/dir", nameof(EngineFault.InvalidContainer))]
    [InlineData("/bin/busybox", nameof(EngineFault.CommandCannotStart))]
    public async Task StartAsync_WorkingDirectoryThatIsNone_IsTheDefinitionsFault(string directory, string fault)
    {
        string job = await _engine.NewJobAsync();
        var exception = await Assert.ThrowsAsync<EngineException>(() => _engine.StartAsync(TenantEngine.Shell(job, "pwd") with { WorkingDirectory = directory }));
        Assert.Equal((fault, FaultOwner.Definition), (exception.Fault.ToString(), exception.Owner));
    }

    [Fact]
    public async Task CreateAsync_ImageThatIsNotThere_IsMissingOnThisHost()
    {
        string job = await _engine.NewJobAsync();
        var exception = await Assert.ThrowsAsync<EngineException>(() => _engine.StartAsync(TenantEngine.Shell(job, "true") with { Image = "nosuch/image:1" }));
        Assert.Equal((EngineFault.PartMissing, FaultOwner.Host), (exception.Fault, exception.Owner));
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
        string job = await _engine.NewJobAsync();
        string id = await _engine.Runtime.CreateAsync(TenantEngine.Shell(job, "true"), new HardeningProfile(), Token);
        await _engine.Networks.RemoveAsync(job, Token);
        var exception = await Assert.ThrowsAsync<EngineException>(() => _engine.Runtime.StartAsync(id, Token));
        Assert.Equal((EngineFault.PartMissing, FaultOwner.Host), (exception.Fault, exception.Owner));
    }

    [Fact]
    public async Task CreateAsync_SameNameTwice_IsTaken()
    {
        string job = await _engine.NewJobAsync();
        await _engine.StartAsync(TenantEngine.Shell(job, "true"));
        Assert.Equal(EngineFault.NameTaken, (await Assert.ThrowsAsync<EngineException>(() => _engine.StartAsync(TenantEngine.Shell(job, "true")))).Fault);
    }

    [Fact]
    public async Task StartAsync_GpuThatNoMachineHas_IsTheHostsFault()
    {
        string job = await _engine.NewJobAsync();
        GpuRequest absent = GpuRequest.Devices(["GPU-00000000-0000-0000-0000-000000000000"]);
        var exception = await Assert.ThrowsAsync<EngineException>(() => _engine.StartAsync(TenantEngine.Shell(job, "true") with { Gpus = absent }));
        Assert.Equal((EngineFault.GpuUnavailable, FaultOwner.Host), (exception.Fault, exception.Owner));
    }

    [Fact]
    public async Task StopAsync_CommandThatIgnoresTheSignal_IsKilledAfterTheGrace()
    {
        string job = await _engine.NewJobAsync();
        string id = await _engine.StartAsync(TenantEngine.Shell(job, "trap '' TERM; while true; do sleep 1; done"));
        Task<ContainerSnapshot> waiting = _engine.Runtime.WaitAsync(id, Token);
        await _engine.Runtime.StopAsync(id, TimeSpan.FromSeconds(1), Token);
        Assert.Equal(137, (await waiting).Exit!.ExitCode);
        await _engine.Runtime.StopAsync(id, TimeSpan.Zero, Token);
        await _engine.Runtime.RemoveAsync(id, Token);
        await _engine.Runtime.StopAsync(id, TimeSpan.Zero, Token);
        await _engine.Runtime.RemoveAsync(id, Token);
    }

    [Fact]
    public async Task WaitAsync_ContainerThatIsRemoved_Ends()
    {
        string job = await _engine.NewJobAsync();
        string id = await _engine.StartAsync(TenantEngine.Shell(job, "sleep 1000"));
        Task<ContainerSnapshot> waiting = _engine.Runtime.WaitAsync(id, Token);
        await _engine.Runtime.RemoveAsync(id, Token);
        // The end may be seen before or after the container is gone.
        Exception? exception = await Record.ExceptionAsync(() => waiting);
        if (exception is null) Assert.Equal(137, (await waiting).Exit!.ExitCode);
        else Assert.Equal(EngineFault.ContainerMissing, Assert.IsType<EngineException>(exception).Fault);
    }

    [Fact]
    public async Task WaitAsync_RestartPolicy_WaitsForTheLastRun()
    {
        string job = await _engine.NewJobAsync();
        string id = await _engine.StartAsync(TenantEngine.Shell(job, "echo run; exit 3") with { Restart = new Nosana.JobDefinition.Model.RestartPolicy(Nosana.JobDefinition.Model.RestartPolicyKind.OnFailure, 2) });
        ContainerSnapshot ended = await _engine.Runtime.WaitAsync(id, Token);
        Assert.Equal(3, ended.Exit!.ExitCode);
        Assert.Equal("run\nrun\nrun\n", await _engine.OutputAsync(id));
        Assert.Equal(2, (long?)(await _engine.Runtime.InspectAsync(id, cancellationToken: Token)).State["RestartCount"]);
    }

    [Fact]
    public async Task WaitAsync_MoreMemoryThanAllowed_IsToldApart()
    {
        string job = await _engine.NewJobAsync();
        // The engine begins to watch the memory of a container once it runs, and does not see what ended before.
        (ContainerExit exit, _) = await _engine.RunAsync(
            TenantEngine.Shell(job, "sleep 3; dd if=/dev/zero of=/dev/shm/x bs=1M count=200"), new HardeningProfile { MemoryBytes = 32L << 20 });
        Assert.Equal((137, true), (exit.ExitCode, exit.OomKilled));
    }

    [Fact]
    public async Task FindAsync_ByLabels_FindsRunningAndEnded()
    {
        string job = await _engine.NewJobAsync();
        string running = await _engine.StartAsync(TenantEngine.Shell(job, "sleep 1000"));
        string ended = await _engine.StartAsync(TenantEngine.Shell(job, "true") with { Name = $"{job}-1" });
        await _engine.Runtime.WaitAsync(ended, Token);
        IReadOnlyList<FoundContainer> found = await _engine.Runtime.FindAsync(TenantEngine.Labels(job), Token);
        Assert.Equal(
            new[] { (running, $"{job}-0", true), (ended, $"{job}-1", false) }.Order(),
            found.Select(container => (container.Id, container.Name, container.IsAlive)).Order());
        Assert.All(found, container => Assert.Equal("op", container.Labels[EngineLabels.Op]));
    }

    [Fact]
    public async Task InspectAsync_RunningContainer_HasItsAddressAndState()
    {
        string job = await _engine.NewJobAsync();
        string id = await _engine.StartAsync(TenantEngine.Shell(job, "sleep 1000"));
        ContainerSnapshot snapshot = await _engine.Runtime.InspectAsync(id, job, Token);
        Assert.True(snapshot.IsAlive);
        Assert.Null(snapshot.Exit);
        Assert.True(System.Net.IPAddress.TryParse(snapshot.IPAddress, out _));
        Assert.Equal("running", (string?)snapshot.State["Status"]);
    }

    [Fact]
    public Task RemoveAllOfJobAsync_OneJob_LeavesNothingOfItAndAllOfTheOther() => JobRemoval.TakesAllOfOneJobAsync(_engine);

    [Fact]
    public async Task EnsureAsync_VolumeOfAnotherJob_IsRefused()
    {
        string job = await _engine.NewJobAsync(), other = await _engine.NewJobAsync();
        Assert.True(await _engine.Volumes.EnsureAsync($"{job}-data", TenantEngine.Labels(job), Token));
        Assert.False(await _engine.Volumes.EnsureAsync($"{job}-data", TenantEngine.Labels(job), Token));
        Assert.Equal(EngineFault.NameTaken, (await Assert.ThrowsAsync<EngineException>(
            () => _engine.Volumes.EnsureAsync($"{job}-data", TenantEngine.Labels(other), Token))).Fault);
    }

    [Fact]
    public async Task PullAsync_ImageOfTheRegistry_IsPulledAndDescribed()
    {
        PulledImage image = await _engine.Images.PullAsync("busybox", cancellationToken: Token);
        Assert.Equal("docker.io/library/busybox:latest", image.Reference);
        Assert.StartsWith("sha256:", image.Id, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1:5000/nosuch/image:1", nameof(EngineFault.ImageNotFound))]
    [InlineData("127.0.0.1:1/some/image:1", nameof(EngineFault.RegistryUnavailable))]
    [InlineData("Not A Reference", nameof(EngineFault.InvalidReference))]
    public async Task PullAsync_ImageThatCannotBePulled_SaysWhoseFaultItIs(string reference, string fault) => Assert.Equal(fault,
        (await Assert.ThrowsAsync<EngineException>(() => _engine.Images.PullAsync(reference, cancellationToken: Token))).Fault.ToString());
}
