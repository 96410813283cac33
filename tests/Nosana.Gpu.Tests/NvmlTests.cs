using System.Runtime.InteropServices;
using Nosana.Gpu.Native;
using Nosana.Testing;

namespace Nosana.Gpu.Tests;

public sealed class NvmlTests : IDisposable
{
    private const ulong MiB = 1024 * 1024;

    private readonly List<IDisposable> _opened = [];

    public void Dispose()
    {
        for (int i = _opened.Count - 1; i >= 0; i--) _opened[i].Dispose();
    }

    [Fact]
    public void TryLoad_NoLibrary_IsFalseWithTheName()
    {
        Assert.False(Nvml.TryLoad(out Nvml? nvml, out string reason, "libnvidia-ml-of-no-machine.so.1"));
        Assert.Null(nvml);
        Assert.Contains("libnvidia-ml-of-no-machine.so.1", reason, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', reason);
    }

    [Fact]
    public void TryLoad_FileThatIsNoLibrary_IsFalse()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "no ELF file");
            Assert.False(Nvml.TryLoad(out _, out string reason, file));
            Assert.Contains(file, reason, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void TryLoad_DriverNotLoaded_IsFalseWithTheLibrarysText()
    {
        using FakeNvidia fake = FakeNvidia.Build("INIT=9");
        Assert.False(Nvml.TryLoad(out _, out string reason, fake.Library));
        Assert.Contains("Driver Not Loaded (NVML error 9)", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void TryLoad_LibraryWithoutNvmlsFunctions_IsFalse()
    {
        Assert.False(Nvml.TryLoad(out _, out string reason, "libc.so.6"));
        Assert.Contains("NVML error 13", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Dispose_Loaded_ShutsTheLibraryDownOnce()
    {
        using FakeNvidia fake = FakeNvidia.Build();
        nint probe = NativeLibrary.Load(fake.Library);
        try
        {
            Assert.True(Nvml.TryLoad(out Nvml? nvml, out _, fake.Library));
            Assert.Equal(1, Started(probe));
            nvml.Dispose();
            nvml.Dispose();
            Assert.Equal(0, Started(probe));
        }
        finally
        {
            NativeLibrary.Free(probe);
        }
    }

    [Fact]
    public void System_Versions_AreRead()
    {
        Nvml nvml = Load();
        Assert.Equal("550.54.15", nvml.DriverVersion);
        Assert.Equal(new CudaVersion(12, 4), nvml.CudaDriverVersion);
        Assert.Equal(2, nvml.DeviceCount);
    }

    [Fact]
    public void GetDevice_EachFact_ComesThroughTheAbi()
    {
        NvmlDevice device = Load().GetDevice(1);

        Assert.Equal("NVIDIA Stand-in 4090", device.Name);
        Assert.Equal(FakeNvidia.SecondUuid, device.Uuid);
        Assert.Equal((8, 9), device.ComputeCapability);
        Assert.Equal(new GpuMemory(24564 * MiB, 24000 * MiB, 464 * MiB, 100 * MiB), device.GetMemoryInfo());
        Assert.Equal((87, 43), device.GetUtilizationRates());
        Assert.Equal(62, device.GetTemperature());
        Assert.Equal(301234, device.GetPowerUsage());
        Assert.Equal(new GpuPciInfo("00000000:41:00.0", 0, 0x41, 0, 0x268410de, 0x889d1043), device.GetPciInfo());
        Assert.False(device.IsMigEnabled);
        Assert.Empty(device.GetMigDevices());
    }

    [Fact]
    public void GetDevice_ByUuid_IsTheSame()
    {
        Nvml nvml = Load();
        Assert.Equal(62, nvml.GetDevice(FakeNvidia.SecondUuid).GetTemperature());
        Assert.Equal(nvmlReturn.NotFound, Assert.Throws<NvmlException>(() => nvml.GetDevice("GPU-none")).Result);
    }

    [Fact]
    public void GetDevice_IndexTooHigh_ThrowsWithTheCall()
    {
        var error = Assert.Throws<NvmlException>(() => Load().GetDevice(2));
        Assert.Equal(nvmlReturn.InvalidArgument, error.Result);
        Assert.Contains("nvmlDeviceGetHandleByIndex(2)", error.Message, StringComparison.Ordinal);
        Assert.Contains("Invalid Argument", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsHardware);
    }

    [Fact]
    public void GetMemoryInfo_OlderDriver_UsesVersion1()
    {
        GpuMemory memory = Load("NO_MEMORY_V2").GetDevice(0).GetMemoryInfo();
        Assert.Equal(new GpuMemory(24564 * MiB, 24000 * MiB, 564 * MiB, 0), memory);
    }

    [Fact]
    public void GetMemoryInfo_LostGpu_IsAHardwareError()
    {
        Nvml nvml = Load("LOST=1");
        var error = Assert.Throws<NvmlException>(() => nvml.GetDevice(1).GetMemoryInfo());
        Assert.True(error.IsHardware);
        Assert.Contains("GPU is lost", error.Message, StringComparison.Ordinal);
        Assert.Equal(24000 * MiB, nvml.GetDevice(0).GetMemoryInfo().Free);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(100)]
    public void GetComputeRunningProcesses_AnyNumber_AreAllRead(int number)
    {
        IReadOnlyList<GpuProcess> processes = Load($"PROCESSES={number}").GetDevice(0).GetComputeRunningProcesses();

        Assert.Equal(Enumerable.Range(0, number).Select(i => new GpuProcess(1000 + i, i == 0 ? null : (ulong)i * MiB)), processes);
    }

    [Fact]
    public void GetMigDevices_DividedGpu_SkipsEmptyPlaces()
    {
        Nvml nvml = Load("MIG");

        NvmlDevice mig = Assert.Single(nvml.GetDevice(0).GetMigDevices());

        Assert.Equal(FakeNvidia.MigUuid, mig.Uuid);
        Assert.Equal(6144 * MiB, mig.GetMemoryInfo().Total);
        Assert.Equal(nvmlReturn.NotSupported, Assert.Throws<NvmlException>(() => mig.GetUtilizationRates()).Result);
        Assert.Empty(nvml.GetDevice(1).GetMigDevices());
    }

    [Fact]
    public void TryLoad_RealDriver_ReadsTheFirstGpu()
    {
        if (!Nvml.TryLoad(out Nvml? nvml, out string reason)) Assert.Skip($"Needs an NVIDIA driver: {reason}");
        using (nvml)
        {
            Assert.SkipWhen(nvml.DeviceCount == 0, "Needs an NVIDIA driver with a GPU: it lists none");
            NvmlDevice device = nvml.GetDevice(0);
            GpuMemory memory = device.GetMemoryInfo();
            Assert.StartsWith("GPU-", device.Uuid, StringComparison.Ordinal);
            Assert.NotEmpty(device.Name);
            Assert.True(nvml.CudaDriverVersion >= new CudaVersion(11, 0));
            Assert.InRange(memory.Free, 0ul, memory.Total);
            Assert.Equal(memory.Total, memory.Free + memory.Used + memory.Reserved);
            Assert.Contains(':', device.GetPciInfo().BusId);
            Assert.NotNull(device.GetComputeRunningProcesses());
            Assert.InRange(device.GetTemperature(), 1, 120);
        }
    }

    private Nvml Load(params string[] defines)
    {
        FakeNvidia fake = FakeNvidia.Build(defines);
        _opened.Add(fake);
        Assert.True(Nvml.TryLoad(out Nvml? nvml, out string reason, fake.Library), reason);
        _opened.Add(nvml);
        return nvml;
    }

    private static unsafe int Started(nint library) => ((delegate* unmanaged[Cdecl]<int>)NativeLibrary.GetExport(library, "fake_started"))();
}
