using System.Text.Json.Nodes;
using Docker.DotNet.Models;
using Nosana.Docker;
using Nosana.EndToEnd.Tests.Support;
using Nosana.JobDefinition.Exposure;
using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;

namespace Nosana.EndToEnd.Tests.Market;

/// <summary>A host that goes away in the middle of a job, by a kill or by a signal, and comes back.</summary>
public sealed class RestartTests(MarketHost host) : IClassFixture<MarketHost>, IAsyncLifetime
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private MarketNetwork Network => host.Network;

    public async ValueTask InitializeAsync() => await host.UntilAsync(() => Network.HostIsQueued, "the host is in the queue");

    public async ValueTask DisposeAsync()
    {
        Network.Server.Faults.PinningDown = false;
        // A test that failed half-way left no host behind; the next one needs it.
        if (!Network.HostIsQueued) await host.UntilAsync(() => Network.HostIsQueued, "the host is in the queue after the test");
    }

    [Fact]
    public async Task Kill_InTheMiddleOfAJob_TheSameContainerGoesOn()
    {
        ulong before = Network.HostNos;
        PublicKey job = await Network.PostAsync(CountingJob.Definition(0.25));
        string container = await host.RunningContainerAsync(job);
        await host.Process.LineAsync($"Container {container[..12]} started");

        await host.Process.KillAsync();
        ContainerInspectResponse alone = await host.Engine.InspectContainerAsync(container, Token);
        host.StartWithoutWaiting();
        await host.Process.LineAsync($"Container {container[..12]} adopted");
        (JobAccount account, JsonNode result) = await host.CompletedAsync(job);

        Assert.True(alone.State!.Running);
        CountingJob.AssertWhole(result, container);
        Assert.Equal(alone.State.StartedAt, Definitions.Op(result)["diagnostics"]!["state"]!["StartedAt"]!.GetValue<string>());
        Network.AssertPaidOnce(account, before);
        Assert.Empty(await host.ContainersAsync(job));
    }

    [Fact]
    public async Task Kill_BeforeTheContainerStarts_TheJobRunsOnce()
    {
        ulong before = Network.HostNos;
        int from = host.Process.Lines.Count;
        PublicKey job = await Network.PostAsync(CountingJob.Definition(0.05));
        await host.Process.LineAsync("New run", from);

        await host.Process.KillAsync();
        host.StartWithoutWaiting();
        (JobAccount account, JsonNode result) = await host.CompletedAsync(job);

        CountingJob.AssertWhole(result, container: null);
        Network.AssertPaidOnce(account, before);
    }

    [Fact]
    public async Task Kill_ContainerEndsWhileTheHostIsAway_ItsWholeOutputIsDelivered()
    {
        ulong before = Network.HostNos;
        PublicKey job = await Network.PostAsync(CountingJob.Definition(0.1));
        string container = await host.RunningContainerAsync(job);

        await host.Process.KillAsync();
        await host.Engine.WaitContainerAsync(container, WaitCondition.NotRunning, Token);
        host.StartWithoutWaiting();
        (JobAccount account, JsonNode result) = await host.CompletedAsync(job);

        CountingJob.AssertWhole(result, container);
        Network.AssertPaidOnce(account, before);
    }

    [Fact]
    public async Task Kill_RightAfterTheContainersEnd_IsPaidOnce()
    {
        ulong before = Network.HostNos;
        PublicKey job = await Network.PostAsync(CountingJob.Definition(0.1));
        string container = await host.RunningContainerAsync(job);

        await host.Engine.WaitContainerAsync(container, WaitCondition.NotRunning, Token);
        await host.Process.KillAsync();
        host.StartWithoutWaiting();
        (JobAccount account, JsonNode result) = await host.CompletedAsync(job);

        CountingJob.AssertWhole(result, container);
        Network.AssertPaidOnce(account, before);
    }

    [Fact]
    public async Task Kill_WhileTheResultCannotBePublished_IsPublishedByTheNextStart()
    {
        ulong before = Network.HostNos;
        Network.Server.Faults.PinningDown = true;
        int from = host.Process.Lines.Count;
        PublicKey job = await Network.PostAsync(CountingJob.Definition(0.05));
        await host.Process.LineAsync("The result is not published yet", from);

        await host.Process.KillAsync();
        Assert.Empty(await host.ContainersAsync(job));
        host.StartWithoutWaiting();
        await host.Process.LineAsync("The result is not published yet");
        Assert.False(Network.IsSettled(job));
        Network.Server.Faults.PinningDown = false;
        (JobAccount account, JsonNode result) = await host.CompletedAsync(job);

        CountingJob.AssertWhole(result, container: null);
        Network.AssertPaidOnce(account, before);
    }

    [Fact]
    public async Task Kill_FinishSentAndNotSeenConfirmed_IsPaidOnce()
    {
        ulong before = Network.HostNos;
        PublicKey job = await Network.PostAsync(CountingJob.Definition(0.05));
        await host.RunningContainerAsync(job);
        Network.Server.Faults.LoseNextConfirmations(1);
        (JobAccount account, JsonNode result) = await host.CompletedAsync(job);

        await host.Process.KillAsync();
        Network.Server.Faults.RevealAll();
        await host.StartAsync();

        CountingJob.AssertWhole(result, container: null);
        Network.AssertPaidOnce(account, before);
        Assert.Equal(account, Network.Find(job)! with { IpfsJob = account.IpfsJob, IpfsResult = account.IpfsResult });
    }

    [Fact]
    public async Task Kill_PosterEndsTheJobMeanwhile_TheNextStartDelivers()
    {
        PublicKey job = await Network.PostAsync(Definitions.Shell("echo begun; exec sleep infinity"));
        string container = await host.RunningContainerAsync(job);
        await host.Process.LineAsync($"Container {container[..12]} started");

        await host.Process.KillAsync();
        await Network.Poster.EndAsync(job, Token);
        ulong paid = Network.HostNos;
        await host.StartAsync();
        (_, JsonNode result) = await host.CompletedAsync(job);

        Assert.Equal(("success", "stopped"), Definitions.StatusesOf(result));
        Assert.Equal(["begun"], Definitions.LinesOf(Definitions.Op(result)));
        Assert.Equal(paid, Network.HostNos);
        Assert.Empty(await host.ContainersAsync(job));
    }

    [Fact]
    public async Task Kill_JobServesAPage_IsReachedByTheSameNameAgain()
    {
        PublicKey job = await Network.PostAsync(Definitions.Shell("mkdir /www; echo still here > /www/index.html; exec httpd -f -p 8080 -h /www", new JsonObject { ["expose"] = 8080 }));
        string container = await host.RunningContainerAsync(job);
        string name = $"{ExposeId.ForPort(0, 8080, job)}.localhost";
        await host.Process.LineAsync(name);

        await host.Process.KillAsync();
        host.StartWithoutWaiting();
        string[] announced = (await host.Process.LineAsync(name)).Text.Split(name + ":");
        using var http = new HttpClient();
        string body = "";
        await host.UntilAsync(async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{announced[1].Split(' ')[0]}/");
            request.Headers.Host = name;
            using HttpResponseMessage response = await http.SendAsync(request, Token);
            body = await response.Content.ReadAsStringAsync(Token);
            return response.IsSuccessStatusCode;
        }, "the page is there again");
        await Network.Poster.EndAsync(job, Token);
        (_, JsonNode result) = await host.CompletedAsync(job);

        Assert.Equal("still here", body.Trim());
        Assert.Equal(container, Definitions.Op(result)["providerId"]!.GetValue<string>());
    }

    [Fact]
    public async Task Start_JobWasPostedWhileAway_IsRun()
    {
        host.Process.Terminate();
        await host.Process.ExitAsync();
        PublicKey job = await Network.PostAsync(Definitions.Shell("echo at last"));
        host.StartWithoutWaiting();
        (_, JsonNode result) = await host.CompletedAsync(job);
        Assert.Equal(["at last"], Definitions.LinesOf(Definitions.Op(result)));
    }

    [Fact]
    public async Task Terminate_WhileWaiting_LeavesTheQueue()
    {
        host.Process.Terminate();
        Assert.Equal(0, await host.Process.ExitAsync());
        Assert.False(Network.HostIsQueued);
        Assert.Contains(host.Process.Lines, line => line.Text.Contains("Left the queue", StringComparison.Ordinal));
        await host.StartAsync();
    }

    [Fact]
    public async Task Terminate_InTheMiddleOfAJob_TheNextStartAdopts()
    {
        ulong before = Network.HostNos;
        PublicKey job = await Network.PostAsync(CountingJob.Definition(0.25));
        string container = await host.RunningContainerAsync(job);
        await host.Process.LineAsync($"Container {container[..12]} started");

        host.Process.Terminate();
        Assert.Equal(0, await host.Process.ExitAsync());
        Assert.True((await host.Engine.InspectContainerAsync(container, Token)).State!.Running);
        Assert.False(Network.HostIsQueued);
        host.StartWithoutWaiting();
        await host.Process.LineAsync($"Container {container[..12]} adopted");
        (JobAccount account, JsonNode result) = await host.CompletedAsync(job);

        CountingJob.AssertWhole(result, container);
        Network.AssertPaidOnce(account, before);
    }
}
