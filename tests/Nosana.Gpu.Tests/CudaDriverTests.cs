using Nosana.Testing;

namespace Nosana.Gpu.Tests;

public sealed class CudaDriverTests
{
    [Fact]
    public void TryLoad_NoLibrary_IsFalseWithTheName()
    {
        Assert.False(CudaDriver.TryLoad(out _, out string reason, "libcuda-of-no-machine.so.1"));
        Assert.Contains("libcuda-of-no-machine.so.1", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void TryLoad_NoDevice_IsFalseWithTheLibrarysText()
    {
        using FakeNvidia fake = FakeNvidia.Build("CU_INIT=100");
        Assert.False(CudaDriver.TryLoad(out _, out string reason, fake.Library));
        Assert.Contains("cuInit failed: no CUDA-capable device is detected (CUDA error 100)", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void TryLoad_CodeWithoutText_GivesItsName()
    {
        using FakeNvidia fake = FakeNvidia.Build("CU_INIT=803");
        Assert.False(CudaDriver.TryLoad(out _, out string reason, fake.Library));
        Assert.Contains("ErrorSystemDriverMismatch (CUDA error 803)", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void TryLoad_Driver_TellsVersionAndDevices()
    {
        using FakeNvidia fake = FakeNvidia.Build("CUDA=13010", "DEVICES=3");
        Assert.True(CudaDriver.TryLoad(out CudaDriver? driver, out string reason, fake.Library), reason);
        Assert.Equal((new CudaVersion(13, 1), 3), (driver.Version, driver.DeviceCount));
    }

    [Fact]
    public void TryLoad_RealDriver_AgreesWithNvml()
    {
        if (!CudaDriver.TryLoad(out CudaDriver? driver, out string reason)) Assert.Skip($"Needs an NVIDIA driver: {reason}");
        if (!Nvml.TryLoad(out Nvml? nvml, out reason)) Assert.Skip($"Needs an NVIDIA driver: {reason}");
        using (nvml) Assert.Equal(nvml.CudaDriverVersion, driver.Version);
    }
}
