using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;

namespace Nosana.Node.Tests.Engine.Containers;

public sealed class ResourceLimitsTests
{
    private const long GiB = 1L << 30;

    [Fact]
    public void Of_NothingSaid_LeavesTheReserveAndAllCpus()
    {
        HardeningProfile profile = new ResourceLimits().Of(Engine(64 * GiB), new HardeningProfile());
        Assert.Equal((63 * GiB, null, null, null), (profile.MemoryBytes, profile.NanoCpus, profile.DiskBytes, profile.StorageBytes));
    }

    [Fact]
    public void Of_SmallMachine_KeepsHalf() => Assert.Equal(GiB / 2, new ResourceLimits().Of(Engine(GiB), new HardeningProfile()).MemoryBytes);

    [Theory]
    [InlineData(null, 512L << 20)]
    [InlineData(100L << 30, 512L << 20)]
    [InlineData(800L << 20, 100L << 20)]
    [InlineData(32L << 20, 16L << 20)]
    public void Of_Disk_TheEnginesLogIsAShareOfIt(long? disk, long log) =>
        Assert.Equal(log, new ResourceLimits(DiskBytes: disk).Of(Engine(64 * GiB), new HardeningProfile()).LogBytes);

    [Theory]
    [InlineData("btrfs", 5 * GiB)]
    [InlineData("overlay2", null)]
    public void Of_Disk_IsAQuotaWhereTheDriverHasOne(string driver, long? quota)
    {
        HardeningProfile profile = new ResourceLimits(8 * GiB, 1.5m, 5 * GiB).Of(Engine(64 * GiB, driver), new HardeningProfile());
        Assert.Equal((8 * GiB, 1_500_000_000L, 5 * GiB, quota), (profile.MemoryBytes, profile.NanoCpus, profile.DiskBytes, profile.StorageBytes));
    }

    [Theory]
    [InlineData(false, "28.5.2", nameof(GpuInjection.DeviceRequest))]
    [InlineData(true, "5.4.2", nameof(GpuInjection.Cdi))]
    [InlineData(true, "4.3.1", nameof(GpuInjection.None))]
    [InlineData(true, "unknown", nameof(GpuInjection.None))]
    public void Of_Gpus_AreAskedForAsTheEngineGivesThem(bool podman, string version, string injection)
    {
        EngineStatus engine = Engine(64 * GiB) with { IsPodman = podman, Version = version };
        Assert.Equal(injection, new ResourceLimits().Of(engine, new HardeningProfile()).GpuInjection.ToString());
    }

    [Fact]
    public void FaultsOn_MoreThanTheEngineHas_NamesEach() => Assert.Equal(2, new ResourceLimits(65 * GiB, 9).FaultsOn(Engine(64 * GiB)).Count());

    private static EngineStatus Engine(long memory, string driver = "overlay2") =>
        new("20.10", "1.41", false, driver, "/var/lib/docker", 8, memory, "2", false, false, [], [], []);
}
