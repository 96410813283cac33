using System.Text.Json.Nodes;
using Docker.DotNet.Models;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;

namespace Nosana.EndToEnd.Tests.Market;

/// <summary>A host that is interrupted between any two of its steps, or whose containers or files are taken away meanwhile.</summary>
public sealed class InterruptionTests(MarketHost host) : IClassFixture<MarketHost>, IAsyncLifetime
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private MarketNetwork Network => host.Network;

    public async ValueTask InitializeAsync() => await host.UntilAsync(() => Network.HostIsQueued, "the host is in the queue");

    public ValueTask DisposeAsync()
    {
        Network.Server.Faults.PinningDown = Network.Server.Faults.GatewayDown = false;
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("started")]
    [InlineData("Operation ended")]
    [InlineData("Job ended")]
    [InlineData("Result published")]
    [InlineData("Paid")]
    public async Task Kill_AfterAStep_TheJobRunsAndIsPaidOnce(string step)
    {
        ulong before = Network.HostNos;
        int from = host.Process.Lines.Count;
        PublicKey job = await Network.PostAsync(CountingJob.Definition(0.03));
        await host.Process.LineAsync(step, from);
        await host.Process.KillAsync();
        await host.StartAsync();
        (JobAccount account, JsonNode result) = await host.CompletedAsync(job);

        CountingJob.AssertWhole(result, container: null);
        Network.AssertPaidOnce(account, before);
        Assert.Empty(await host.ContainersAsync(job));
    }

    [Fact]
    public async Task Kill_TimeIsUpMeanwhile_EndsAsExpired()
    {
        const long Timeout = 12;
        ulong before = Network.HostNos;
        PublicKey job = await Network.PostAsync(Definitions.Shell("echo begun; exec sleep infinity"), Timeout);
        await host.RunningContainerAsync(job);
        long deadline = (await Network.FindRunAsync(job))!.Time + Timeout;

        await host.Process.KillAsync();
        await host.UntilAsync(() => DateTimeOffset.UtcNow.ToUnixTimeSeconds() > deadline, "the job's time is up");
        await host.StartAsync();
        (_, JsonNode result) = await host.CompletedAsync(job);

        Assert.Equal("success", Definitions.StatusOf(result));
        Assert.True(Definitions.Op(result)["diagnostics"]!["reason"]!["jobExpired"]!.GetValue<bool>());
        Assert.Equal(["begun"], Definitions.LinesOf(Definitions.Op(result)));
        Assert.Equal(before + Timeout * MarketNetwork.Price, Network.HostNos);
        Assert.Empty(await host.ContainersAsync(job));
    }

    [Fact]
    public async Task Kill_StateDirectoryIsLost_TheContainerIsFoundByItsLabels()
    {
        ulong before = Network.HostNos;
        PublicKey job = await Network.PostAsync(CountingJob.Definition(0.2));
        string container = await host.RunningContainerAsync(job);
        await host.Process.LineAsync($"Container {container[..12]} started");

        await host.Process.KillAsync();
        Directory.Delete(Network.StateDirectory, recursive: true);
        host.StartWithoutWaiting();
        (JobAccount account, JsonNode result) = await host.CompletedAsync(job);

        CountingJob.AssertWhole(result, container);
        Network.AssertPaidOnce(account, before);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Container_IsRemovedBySomebody_TheJobFailsAndSaysSo(bool away)
    {
        ulong before = Network.HostNos;
        PublicKey job = await Network.PostAsync(Definitions.Shell("echo begun; exec sleep infinity"));
        string container = await host.RunningContainerAsync(job);
        await host.Process.LineAsync($"Container {container[..12]} started");

        if (away) await host.Process.KillAsync();
        await host.Engine.RemoveContainerAsync(container, new ContainerRemoveParameters { Force = true }, Token);
        if (away) await host.StartAsync();
        (JobAccount account, JsonNode result) = await host.CompletedAsync(job);

        Assert.Equal("failed", Definitions.StatusOf(result));
        // Removing kills first: a host that is there may still learn of the kill, and then says that much.
        bool saysKilled = !away && Definitions.Op(result)["exitCode"]?.GetValue<int>() == 128 + 9;
        if (!saysKilled) Assert.Contains("removed", Definitions.ErrorsOf(result), StringComparison.Ordinal);
        Network.AssertPaidOnce(account, before);
    }

    [Fact]
    public async Task Terminate_WhileTheResultCannotBePublished_IsPublishedByTheNextStart()
    {
        ulong before = Network.HostNos;
        int from = host.Process.Lines.Count;
        Network.Server.Faults.PinningDown = true;
        PublicKey job = await Network.PostAsync(CountingJob.Definition(0.03));
        await host.Process.LineAsync("The result is not published yet", from);
        host.Process.Terminate();
        Assert.Equal(0, await host.Process.ExitAsync());
        Network.Server.Faults.PinningDown = false;
        await host.StartAsync();
        (JobAccount account, JsonNode result) = await host.CompletedAsync(job);

        CountingJob.AssertWhole(result, container: null);
        Network.AssertPaidOnce(account, before);
    }

    [Fact]
    public async Task Terminate_WhileTheDefinitionCannotBeFetched_IsRunByTheNextStart()
    {
        ulong before = Network.HostNos;
        int from = host.Process.Lines.Count;
        Network.Server.Faults.GatewayDown = true;
        PublicKey job = await Network.PostAsync(CountingJob.Definition(0.03));
        await host.Process.LineAsync("New run", from);
        host.Process.Terminate();
        Assert.Equal(0, await host.Process.ExitAsync());
        Assert.NotNull(await Network.FindRunAsync(job));
        Network.Server.Faults.GatewayDown = false;
        await host.StartAsync();
        (JobAccount account, JsonNode result) = await host.CompletedAsync(job);

        CountingJob.AssertWhole(result, container: null);
        Network.AssertPaidOnce(account, before);
    }
}
