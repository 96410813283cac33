using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Jobs;
using Nosana.Node.Jobs.Hooks;
using Nosana.Node.Jobs.State;
using Nosana.Node.Tests.Support;
using Nosana.Testing;
using static Nosana.Node.Tests.Support.JobBench;

namespace Nosana.Node.Tests.Jobs.Hooks;

/// <summary>Everything that a container can write counts, wherever the engine keeps it.</summary>
public sealed class WatchDiskTests : IDisposable
{
    private const long Budget = 300L << 20;

    private readonly JobBench _bench = new(profile: new HardeningProfile { DiskBytes = Budget });
    private readonly FakeProgram _program = FakeProgram.Service();

    public WatchDiskTests() => _bench.Engine.Programs["a"] = _program;

    public void Dispose() => _bench.Dispose();

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("layer")]
    [InlineData("/etc/hosts")]
    [InlineData("volume of the image")]
    [InlineData("volume of the job")]
    [InlineData("volume that the job has made and this operation has not mounted")]
    public async Task WatchAsync_BeyondTheBudget_StopsTheOperation(string where)
    {
        Task<JobOutcome> run = _bench.Runner(Op("a", args: """ "volumes":[{"name":"data","dest":"/data"}] """)).RunAsync();
        FakeContainer container = await _bench.Engine.RunningAsync("a");
        Fill(where, container, Budget);
        int looks = _bench.Engine.Looks;
        await Eventually.TrueAsync(() =>
        {
            _bench.Clock.Advance(WatchDisk.Interval);
            return _bench.Engine.Looks > looks + 20;
        }, "some looks");
        Assert.True(container.IsRunning);
        Fill(where, container, Budget + 1);
        await Eventually.TrueAsync(() =>
        {
            _bench.Clock.Advance(WatchDisk.Interval);
            return !container.IsRunning;
        }, "the stop");
        await Eventually.EndsAsync(run, _bench.Clock, WatchDisk.Interval);
        OpState op = (await run).State.OpStates[0];
        Assert.Equal(FlowStatus.Failed, op.Status);
        Assert.StartsWith($"The operation filled {Budget + 1} bytes of disk, more than its budget of {Budget} bytes", Assert.Single(op.Errors).Message, StringComparison.Ordinal);
    }

    private void Fill(string where, FakeContainer container, long bytes)
    {
        switch (where)
        {
            case "layer":
                _program.LayerBytes = bytes;
                break;
            case "/etc/hosts":
                _program.HostsBytes = bytes;
                break;
            case "volume of the image":
                _program.ImageVolumes["0123abcd"] = bytes;
                break;
            case "volume of the job":
                _bench.Engine.VolumeBytes["job-data"] = bytes;
                break;
            default:
                _bench.Engine.VolumesByName["job.7.0"] = new Dictionary<string, string>(container.Labels);
                _bench.Engine.VolumeBytes["job.7.0"] = bytes;
                break;
        }
        Assert.Equal("job", container.Labels[EngineLabels.Job]);
    }
}
