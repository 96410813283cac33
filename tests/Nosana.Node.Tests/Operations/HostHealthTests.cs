using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Disk;
using Nosana.Node.Engine.Egress;
using Nosana.Node.Gpus;
using Nosana.Node.Market;
using Nosana.Node.Operations;
using Nosana.Node.Tests.Support;
using Nosana.Testing;

namespace Nosana.Node.Tests.Operations;

public sealed class HostHealthTests : IDisposable
{
    private const string Image = "docker.io/library/a:latest";

    private readonly ManualTimeProvider _clock = new();
    private readonly FakeEngine _engine;
    private readonly ImageBench _images;
    private readonly StateBench _state;
    private GpuSlotSnapshot _gpus = new() { Gpus = [] };
    private readonly string _marker = Path.Combine(Path.GetTempPath(), $"nosana-egress-{Guid.NewGuid():N}");
    private bool _requiresEgress;
    private long _freeWithoutImage = 100L << 30;

    public HostHealthTests()
    {
        _engine = new FakeEngine(_clock) { DataDirectory = "/data" };
        _images = new ImageBench(_engine, _clock, freeBytes: Free);
        _state = new StateBench(_engine, _images.Journal, _clock);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _state.Dispose();
        File.Delete(_marker);
        _images.Dispose();
        _engine.Dispose();
    }

    [Fact]
    public async Task ProblemAsync_RoomAndGpus_IsNone() => Assert.Null(await ProblemAsync());

    [Fact]
    public async Task ProblemAsync_EgressRulesAbsent_IsOneWhereTheyAreRequired()
    {
        Assert.Null(await ProblemAsync());
        _requiresEgress = true;
        Assert.Contains("not installed", await ProblemAsync(), StringComparison.Ordinal);

        File.WriteAllText(_marker, $"bridges {JobNetworks.BridgePrefix}\n");
        File.SetLastWriteTimeUtc(_marker, _clock.GetUtcNow().UtcDateTime);
        Assert.Null(await ProblemAsync());

        _clock.Advance(EgressGuard.Fresh + TimeSpan.FromMinutes(1));
        Assert.Contains("last seen in place 6 minutes ago", await ProblemAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProblemAsync_GpuIsGone_NamesIt()
    {
        _gpus = new GpuSlotSnapshot { Gpus = [], Sick = ["GPU-1 does not answer"] };
        Assert.Contains("GPU-1 does not answer", await ProblemAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProblemAsync_DiskOfTheStateDirectoryIsFull_SaysSo()
    {
        _state.FreeBytes = () => 7;
        Assert.Contains("7 bytes left", await ProblemAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProblemAsync_DiskIsFull_SaysWhatIsKept()
    {
        _freeWithoutImage = 1;
        Assert.Contains($"{new HardeningProfile().DiskReserveBytes} bytes", await ProblemAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProblemAsync_DiskIsFullOfAnImageThatNobodyNeeds_RemovesIt()
    {
        using (await _images.Store.AcquireAsync("a", cancellationToken: Token)) Assert.Contains("free space", await ProblemAsync(), StringComparison.Ordinal);
        Assert.Null(await ProblemAsync());
        Assert.Empty(_engine.Shelf.References);
    }

    /// <summary>The image is as large as all but the last bytes of the disk.</summary>
    private long Free() => _engine.Shelf.References.Contains(Image) ? 1 : _freeWithoutImage;

    private Task<string?> ProblemAsync() => new HostHealth(
        new ContainerRuntime(_engine, NullLogger<ContainerRuntime>.Instance, _clock), new EngineDisk(_engine, isHere: true, _ => Free()), _images.Store, new HardeningProfile(),
        new FakeSlotGpus(() => _gpus), NoSettling.On(_images.Journal, _clock),
        _state.Keeper, new EgressGuard(_clock, _marker), NoSettling.Funds(_images.Journal, _clock), new HostDemands(_requiresEgress), NoSettling.ChainClock(_clock), _clock).ProblemAsync(Token);
}
