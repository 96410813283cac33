using Nosana.Node.Jobs;
using Nosana.Node.Jobs.State;
using Nosana.Node.Tests.Support;
using Nosana.Testing;
using static Nosana.Node.Tests.Support.JobBench;

namespace Nosana.Node.Tests.Jobs;

/// <summary>Somebody removes from the engine what a job was about to use: that is not the definition's fault.</summary>
public sealed class PrunedPartTests : IDisposable
{
    private readonly JobBench _bench = new();
    private int _prunes;

    public void Dispose() => _bench.Dispose();

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_ImagePrunedBetweenPullAndUse_IsPulledOnceMore()
    {
        _bench.Engine.Creating = () => Prune(atMost: 1, PruneImages);

        JobOutcome outcome = await _bench.Runner(Op("a")).RunAsync();

        Assert.Equal((FlowStatus.Success, null), (outcome.State.Status, outcome.HostFault));
        Assert.Equal(2, _bench.Engine.Shelf.Requests.Count(request => request.StartsWith("pull ", StringComparison.Ordinal)));
        Assert.Empty(outcome.State.OpStates[0].Errors);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_ImagePrunedAgainAndAgain_IsThisHostsFault()
    {
        _bench.Engine.Creating = () => Prune(atMost: int.MaxValue, PruneImages);

        JobOutcome outcome = await _bench.Runner(Op("a")).RunAsync();

        Assert.Contains("No such image", outcome.HostFault, StringComparison.Ordinal);
        Assert.Equal(2, _prunes);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_NetworkPrunedBeforeTheStart_IsMadeOnceMore()
    {
        _bench.Engine.Starting = () => Prune(atMost: 1, () => _bench.Engine.NetworksByName.Clear());

        JobOutcome outcome = await _bench.Runner(Op("a")).RunAsync();

        Assert.Equal((FlowStatus.Success, null), (outcome.State.Status, outcome.HostFault));
        Assert.Equal(2, _bench.Engine.MadeFor("a"));
        Assert.Empty(_bench.Engine.Present);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_NetworkPrunedAgainAndAgain_IsThisHostsFault()
    {
        _bench.Engine.Starting = () => Prune(atMost: int.MaxValue, () => _bench.Engine.NetworksByName.Clear());

        JobOutcome outcome = await _bench.Runner(Op("a")).RunAsync();

        Assert.Contains("network nosana-job not found", outcome.HostFault, StringComparison.Ordinal);
        Assert.Empty(_bench.Engine.Present);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_NetworkPrunedBetweenOperations_IsMadeAgain()
    {
        _bench.Engine.Programs["a"] = FakeProgram.Service();
        Task<JobOutcome> run = _bench.Runner(Op("a") + "," + Op("b")).RunAsync();
        FakeContainer a = await _bench.Engine.RunningAsync("a");
        lock (_bench.Engine.NetworksByName) _bench.Engine.NetworksByName.Clear();
        a.Exit(0);

        Assert.Equal(FlowStatus.Success, (await run).State.Status);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_VolumePrunedBetweenOperations_IsMadeAgainAndTold()
    {
        JobOutcome outcome = await RunWithVolumeAsync(prunes: 1);

        Assert.Equal(FlowStatus.Success, outcome.State.Status);
        Assert.Empty(outcome.State.OpStates[1].Logs);
        LogEntry told = Assert.Single(outcome.State.OpStates[2].Logs);
        Assert.Equal(
            ("nodeerr", "Volume 'data' was removed from this host's engine while the job ran, and what was in it is lost. It was made again and is empty."),
            (told.Type, told.Log.TrimEnd('\n')));
        Assert.Contains(_bench.Log.Lines, line => line.StartsWith("Warning: Volume data of the job was removed", StringComparison.Ordinal));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_VolumePrunedTwice_TheOperationFailsWithTheCause()
    {
        JobOutcome outcome = await RunWithVolumeAsync(prunes: 2);

        Assert.Equal(FlowStatus.Failed, outcome.State.Status);
        OpError error = Assert.Single(outcome.State.OpStates[3].Errors);
        Assert.Equal(OpError.Resource, error.Event);
        Assert.EndsWith("It is not made a third time.", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A volume, and three operations that mount it; it is gone when the second of them starts, and again when the third does.</summary>
    private async Task<JobOutcome> RunWithVolumeAsync(int prunes)
    {
        string make = """{"type":"container/create-volume","id":"v","args":{"name":"data"}}""";
        string mount = """ "volumes":[{"name":"data","dest":"/data"}] """;
        foreach (string id in (string[])["a", "b"]) _bench.Engine.Programs[id] = FakeProgram.Service();
        Task<JobOutcome> run = _bench.Runner($"{make},{Op("a", args: mount)},{Op("b", args: mount)},{Op("c", args: mount)}").RunAsync();
        foreach (string id in (string[])["a", "b"])
        {
            FakeContainer container = await _bench.Engine.RunningAsync(id);
            if (prunes-- > 0) lock (_bench.Engine.VolumesByName) _bench.Engine.VolumesByName.Clear();
            container.Exit(0);
        }
        return await run;
    }

    private void Prune(int atMost, Action prune)
    {
        if (_prunes >= atMost) return;
        _prunes++;
        prune();
    }

    private void PruneImages()
    {
        foreach (string reference in _bench.Engine.Shelf.References) _bench.Engine.Shelf.Delete(reference, _ => false);
    }
}
