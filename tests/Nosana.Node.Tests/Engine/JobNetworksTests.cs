using Docker.DotNet.Models;
using Nosana.Node.Engine;
using Nosana.Node.Tests.Support;

namespace Nosana.Node.Tests.Engine;

/// <summary>Which network a job's containers are put on.</summary>
public sealed class JobNetworksTests
{
    private const string OfSlot = "nosana-host-slot", OwnOfA = "nosana-a";

    private readonly FakeEngine _engine = new(TimeProvider.System);
    private readonly JobNetworks _networks;

    public JobNetworksTests()
    {
        _engine.Shelf.Put("docker.io/library/busybox:latest");
        _networks = new JobNetworks(_engine);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task JoinAsync_SlotHasMadeItsNetwork_IsTheSlots()
    {
        await _networks.PrepareAsync("host", "slot", Cancel);
        Assert.Equal(OfSlot, await _networks.JoinAsync(Labels("a"), null, Cancel));
        Assert.Equal([OfSlot], _engine.NetworksByName.Keys);
        Assert.False(_engine.NetworksByName[OfSlot].ContainsKey(EngineLabels.Job)); // or it would go with the job
    }

    [Fact]
    public async Task JoinAsync_SlotHasMadeNone_IsTheJobsOwn()
    {
        Assert.Equal(OwnOfA, await _networks.JoinAsync(Labels("a"), null, Cancel));
        Assert.Equal("a", _engine.NetworksByName[OwnOfA][EngineLabels.Job]);
    }

    [Fact]
    public async Task JoinAsync_AContainerOfAnotherJobIsOnTheSlot_IsTheJobsOwn()
    {
        await _networks.PrepareAsync("host", "slot", Cancel);
        await MakeContainerAsync("b");
        Assert.Equal(OwnOfA, await _networks.JoinAsync(Labels("a"), null, Cancel));
    }

    [Fact]
    public async Task JoinAsync_JobHadTheSlotsNetworkBeforeTheAgentsRestart_IsTheSame()
    {
        await _networks.PrepareAsync("host", "slot", Cancel);
        await MakeContainerAsync("a");
        await MakeContainerAsync("b");
        Assert.Equal(OfSlot, await _networks.JoinAsync(Labels("a"), null, Cancel));
    }

    [Fact]
    public async Task JoinAsync_JobHadANetworkOfItsOwnBeforeTheAgentsRestart_IsTheSame()
    {
        await _networks.EnsureAsync(OwnOfA, Labels("a"), Cancel);
        await _networks.PrepareAsync("host", "slot", Cancel);
        Assert.Equal(OwnOfA, await _networks.JoinAsync(Labels("a"), null, Cancel));
    }

    [Fact]
    public async Task JoinAsync_TheNetworkThatOthersAreOnWasPruned_IsMadeAgainAsItWas()
    {
        Assert.Equal(OfSlot, await _networks.JoinAsync(Labels("a"), OfSlot, Cancel));
        Assert.False(_engine.NetworksByName[OfSlot].ContainsKey(EngineLabels.Job));
    }

    private static Dictionary<string, string> Labels(string job) => EngineLabels.Of(job, "run", "slot", "host");

    private Task<CreateContainerResponse> MakeContainerAsync(string job) => _engine.CreateContainerAsync(
        new CreateContainerParameters
        {
            Name = $"{job}-0",
            Image = "docker.io/library/busybox:latest",
            Labels = new Dictionary<string, string>(Labels(job)) { [EngineLabels.Op] = job },
            HostConfig = new HostConfig { NetworkMode = OfSlot },
        }, Cancel);
}
