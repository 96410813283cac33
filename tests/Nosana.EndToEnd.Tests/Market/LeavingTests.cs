using System.Text.Json.Nodes;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Node.Hosting;
using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;

namespace Nosana.EndToEnd.Tests.Market;

/// <summary>Every way by which a host is told to end, and what becomes of its place, its job and its containers.</summary>
public sealed class LeavingTests : IAsyncLifetime
{
    private readonly MarketHost _host = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private MarketNetwork Network => _host.Network;

    public async ValueTask InitializeAsync() => await _host.PrepareAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Drain_AJobRuns_ItIsPaidNoOtherIsTakenAndTheExitCodeIsZero()
    {
        await _host.StartAsync();
        ulong before = Network.HostNos;
        PublicKey job = await Network.PostAsync(CountingJob.Definition(0.2));
        string container = await _host.RunningContainerAsync(job);
        Task<(int ExitCode, string Output, string Text)> drain = VerbAsync("drain", "--wait");
        await _host.Process.LineAsync("Draining: no new job is taken");
        PublicKey other = await Network.PostAsync(Definitions.Shell("echo never"));
        (JobAccount account, JsonNode result) = await _host.CompletedAsync(job);
        Assert.Equal(0, await _host.Process.ExitAsync());
        (int code, string output, string text) = await drain;

        Assert.True(code == 0, text);
        Assert.Contains($"Serving job {job}", output, StringComparison.Ordinal);
        Assert.EndsWith("The host has ended.", output.Trim(), StringComparison.Ordinal);
        CountingJob.AssertWhole(result, container);
        Network.AssertPaidOnce(account, before);
        Assert.Equal(JobState.Queued, Network.Find(other)!.State);
        Assert.False(Network.HostIsQueued);
        Assert.Empty(await _host.ContainersAsync(job));
    }

    [Fact]
    public async Task Drain_TheHostWaitsInTheQueue_ItLeavesAndEndsAtOnce()
    {
        await _host.StartAsync();
        (int code, _, string text) = await VerbAsync("drain", "--wait");
        Assert.True(code == 0, text);
        Assert.Equal(0, await _host.Process.ExitAsync());
        Assert.False(Network.HostIsQueued);
        (int again, _, string problem) = await VerbAsync("drain");
        Assert.Equal(1, again);
        Assert.Contains("No agent answers at", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terminate_TheHostDrainsAndIsToStopItsJob_TheRunIsFinishedAsHostShutDown()
    {
        _host.Options = ["--signal-while-draining", HostSignals.Stop];
        await _host.StartAsync();
        ulong before = Network.HostNos;
        PublicKey job = await DrainingAsync();
        _host.Process.Terminate();
        Assert.Equal(0, await _host.Process.ExitAsync());
        (JobAccount account, JsonNode result) = await _host.CompletedAsync(job);

        Assert.Equal("failed", Definitions.StatusOf(result));
        Assert.True(Definitions.Op(result)["diagnostics"]!["reason"]!["hostShutDown"]!.GetValue<bool>());
        Assert.Equal(["begun"], Definitions.LinesOf(Definitions.Op(result)));
        Network.AssertPaidOnce(account, before);
        Assert.Empty(await _host.ContainersAsync(job));
        Assert.False(Network.HostIsQueued);
    }

    [Fact]
    public async Task Terminate_TheHostDrainsAndIsToLeaveItsJob_TheNextStartGoesOnWithTheSameContainer()
    {
        await _host.StartAsync();
        PublicKey job = await DrainingAsync();
        string container = await _host.RunningContainerAsync(job);
        _host.Process.Terminate();
        Assert.Equal(0, await _host.Process.ExitAsync());
        Assert.Equal(container, await _host.RunningContainerAsync(job));
        _host.StartWithoutWaiting();
        await _host.Process.LineAsync($"Container {container[..12]} adopted");
        await Network.Poster.EndAsync(job, Token);
        await _host.SettledAsync(job);
        await _host.UntilAsync(() => Network.HostIsQueued, "the new host takes work again");
    }

    [Fact]
    public async Task Quit_TheHostWaitsInTheQueue_ItLeavesTheQueueAsWithTerminate()
    {
        await _host.StartAsync();
        _host.Process.Quit();
        Assert.Equal(0, await _host.Process.ExitAsync());
        Assert.False(Network.HostIsQueued);
    }

    [Fact]
    public async Task Hangup_AJobRuns_NothingOfItIsTouched()
    {
        await _host.StartAsync();
        PublicKey job = await Network.PostAsync(CountingJob.Definition(0.1));
        string container = await _host.RunningContainerAsync(job);
        _host.Process.Hangup();
        await _host.Process.LineAsync("The settings were read again; taken: nothing");
        (_, JsonNode result) = await _host.CompletedAsync(job);
        CountingJob.AssertWhole(result, container);
        await _host.UntilAsync(() => Network.HostIsQueued, "the host is in the queue again");
    }

    [Fact]
    public async Task Hangup_OfRun_StopsAndCleans()
    {
        string mark = Guid.NewGuid().ToString("N");
        await using NodeProcess run = NodeProcess.StartRun(Network.Directory, Definitions.Shell($"echo {mark}; exec sleep infinity"), _host.EngineAddress);
        await run.LineAsync(mark);
        run.Hangup();
        Assert.Equal(ExitCodes.Stopped, await run.ExitAsync());
        Assert.Equal("success", Definitions.StatusOf(JsonNode.Parse(run.Output)!));
        string job = JsonNode.Parse(run.Output)!["id"]?.GetValue<string>() ?? "";
        Assert.Empty(await _host.ContainersAsync(job));
    }

    /// <summary>A host that drains, and its job, which would run for ever.</summary>
    private async Task<PublicKey> DrainingAsync()
    {
        PublicKey job = await Network.PostAsync(Definitions.Shell("echo begun; exec sleep infinity"));
        await _host.Process.LineAsync($"Container {(await _host.RunningContainerAsync(job))[..12]} started");
        (int code, _, string text) = await VerbAsync("drain");
        Assert.True(code == 0, text);
        return job;
    }

    private Task<(int ExitCode, string Output, string Text)> VerbAsync(params IEnumerable<string> arguments) =>
        NodeProcess.RunAsync(Network.Directory, [.. arguments, "--state", Network.StateDirectory]);
}
