using System.Text.Json.Nodes;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;

namespace Nosana.EndToEnd.Tests.Faults;

/// <summary>A host that owes somebody the end of a job, and is started where it could take no new work.</summary>
public sealed class OwedWorkTests : IAsyncLifetime
{
    /// <summary>Below what taking a job needs, and enough to end one.</summary>
    private const ulong FewLamports = 4_450_000;

    private readonly MarketHost _host = new();

    private MarketNetwork Network => _host.Network;

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Start_SolIsBelowTheFloor_TheJobThatRunsIsEndedAndPaidAndNoneIsTaken()
    {
        ulong before = Network.HostNos;
        PublicKey job = await Network.PostAsync(CountingJob.Definition(0.2));
        string container = await _host.RunningContainerAsync(job);
        await _host.Process.KillAsync();
        Network.SetLamports(Network.Host, FewLamports);
        _host.StartWithoutWaiting();
        (JobAccount account, JsonNode result) = await _host.CompletedAsync(job);

        CountingJob.AssertWhole(result, container);
        Network.AssertPaidOnce(account, before);
        await _host.Process.LineAsync("Send it SOL");
        Assert.False(Network.HostIsQueued);
        Assert.False(_host.Process.HasExited);
    }

    [Fact]
    public async Task Start_EngineIsAway_AResultThatIsOwedIsDeliveredAllTheSame()
    {
        ulong before = Network.HostNos;
        Network.Server.Faults.PinningDown = true; // the run stays owed long enough to be killed in
        PublicKey job = await Network.PostAsync(Definitions.Shell("echo done"));
        await _host.Process.LineAsync("Job ended");
        await _host.Process.KillAsync();
        Network.Server.Faults.PinningDown = false;

        string[] arguments = [.. _host.StartArguments];
        arguments[Array.IndexOf(arguments, "--docker") + 1] = "unix:///nonexistent/engine.sock";
        await using NodeProcess node = NodeProcess.Start(Network.Directory, arguments);
        await node.LineAsync("Not serving yet");
        await _host.UntilAsync(() => Network.IsSettled(job), "the job is settled");
        JobAccount account = Network.Find(job)!;
        Assert.Equal(JobState.Done, account.State);
        Assert.Equal(["done"], Definitions.LinesOf(Definitions.Op(Network.ResultOf(job))));
        Network.AssertPaidOnce(account, before);
    }

    [Fact]
    public async Task Job_EndsWhilePinningIsDown_IsFinishedWithinAMinuteAndPinnedLater()
    {
        Network.Server.Faults.PinningDown = true;
        PublicKey job = await Network.PostAsync(Definitions.Shell("echo done"), timeout: 600);
        await _host.UntilAsync(() => Network.IsSettled(job), "the job is settled", TimeSpan.FromSeconds(70));
        Assert.InRange(Network.Find(job)!.TimeEnd - Network.Find(job)!.TimeStart, 0, 65); // the job's own second, and at most a minute of the outage
        Network.Server.Faults.PinningDown = false;
        await _host.UntilAsync(
            () => Network.Server.Content.Find(Nosana.Ipfs.Cid.FromDigest(Network.Find(job)!.IpfsResult)) is not null, "the result is pinned", TimeSpan.FromSeconds(100));
        Assert.Equal(["done"], Definitions.LinesOf(Definitions.Op(Network.ResultOf(job))));
        await _host.UntilAsync(() => Network.HostIsQueued, "the host is in the queue again");
    }
}
