using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Nosana.Gpu;
using Nosana.Node.Gpus;
using Nosana.Testing;

namespace Nosana.Node.Tests.Gpus;

public sealed class GpuInventoryTests
{
    [Fact]
    public void Read_TwoGpus_AreListedInMib()
    {
        using FakeNvidia fake = FakeNvidia.Build("FREE_MIB=20000");
        using GpuInventory inventory = Open(fake.Library);

        GpuSnapshot snapshot = inventory.Read();

        Assert.Equal(
            [
                new GpuDevice(0, FakeNvidia.FirstUuid, "NVIDIA Stand-in 4090", 24564, 20000) { ComputeCapability = (8, 9) },
                new GpuDevice(1, FakeNvidia.SecondUuid, "NVIDIA Stand-in 4090", 24564, 20000) { ComputeCapability = (8, 9) },
            ],
            snapshot.Gpus);
        Assert.Equal(("550.54.15", new CudaVersion(12, 4)), (snapshot.DriverVersion, snapshot.CudaVersion));
        Assert.Empty(snapshot.Faults);
        Assert.Null(snapshot.Absence);
    }

    [Fact]
    public void Read_DividedGpu_ListsItsPartsInsteadOfIt()
    {
        using FakeNvidia fake = FakeNvidia.Build("MIG");
        using GpuInventory inventory = Open(fake.Library);

        Assert.Equal([(0, FakeNvidia.MigUuid, 6144L), (1, FakeNvidia.SecondUuid, 24564L)], inventory.Read().Gpus.Select(g => (g.Index, g.Uuid, g.TotalMib)));
    }

    [Fact]
    public void Read_OneLostGpu_KeepsTheOtherAndNamesTheFault()
    {
        using FakeNvidia fake = FakeNvidia.Build("LOST=0");
        using GpuInventory inventory = Open(fake.Library);

        GpuSnapshot snapshot = inventory.Read();

        Assert.Equal(FakeNvidia.SecondUuid, Assert.Single(snapshot.Gpus).Uuid);
        GpuFault fault = Assert.Single(snapshot.Faults);
        Assert.Equal((0, null), (fault.Index, fault.Uuid));
        Assert.Contains("GPU is lost", fault.Reason, StringComparison.Ordinal);
        Assert.Single(GpuSlot.Every.View(snapshot).Sick);
        Assert.Empty(GpuSlot.Of([FakeNvidia.SecondUuid]).View(snapshot).Sick);
        Assert.Contains("GPU is lost", Assert.Single(GpuSlot.Of([FakeNvidia.FirstUuid]).View(snapshot).Sick), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NoLibrary_IsAMachineOfTheCpuAlone()
    {
        using GpuInventory inventory = Open("libnvidia-ml-of-no-machine.so.1");

        GpuSnapshot snapshot = inventory.Read();

        Assert.Empty(snapshot.Gpus);
        Assert.NotNull(snapshot.Absence);
        Assert.False(snapshot.IsDriverBroken);
        Assert.Empty(GpuSlot.Every.View(snapshot).Sick);
        Assert.Single(GpuSlot.Of([FakeNvidia.FirstUuid]).View(snapshot).Sick);
    }

    [Theory]
    [InlineData(9, false)]
    [InlineData(18, true)]
    public void Read_DriverDoesNotStart_IsBrokenUnlessItsModuleIsAbsent(int code, bool broken)
    {
        using FakeNvidia fake = FakeNvidia.Build($"INIT={code}");
        using GpuInventory inventory = Open(fake.Library);

        GpuSnapshot snapshot = inventory.Read();

        Assert.Equal(broken, snapshot.IsDriverBroken);
        Assert.Equal(broken ? 1 : 0, GpuSlot.Every.View(snapshot).Sick.Count);
    }

    [Fact]
    public void Read_DriverInstalledLater_IsFoundAtTheNextLook()
    {
        using FakeNvidia fake = FakeNvidia.Build();
        string late = fake.Library + ".late";
        using GpuInventory inventory = Open(late);
        Assert.Empty(inventory.Read().Gpus);

        File.Copy(fake.Library, late);

        Assert.Equal(2, inventory.Read().Gpus.Count);
    }

    private static GpuInventory Open(string library) =>
        new(Options.Create(new GpuOptions { NvmlLibrary = library }), NullLogger<GpuInventory>.Instance);
}
