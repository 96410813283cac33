using Nosana.Gpu;
using Nosana.Node.Gpus;
using Nosana.Node.HostManager;
using Nosana.Node.Tests.Logs;

namespace Nosana.Node.Tests.HostManager;

public sealed class MachineReaderTests
{
    private static readonly GpuSnapshot s_noGpus = new() { Gpus = [] };
    private static readonly HostSite s_site = new("NL", 940, 880);

    [Fact]
    public void Read_FilesOfAMachine_CoresMemoryAndSystem()
    {
        using var root = new TemporaryDirectory();
        Write(root, "proc/cpuinfo", string.Concat(Enumerable.Range(0, 8).Select(i => $"processor\t: {i}\nmodel name\t: Stand-in (R) 9: X\nphysical id\t: {i / 4}\ncore id\t\t: {i % 4 / 2}\n\n")));
        Write(root, "proc/meminfo", "MemTotal:       65536000 kB\nMemFree: 1 kB\n");
        Write(root, "etc/os-release", "NAME=x\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n");
        Write(root, "proc/sys/kernel/osrelease", "6.1.0-18-amd64\n");

        HostSpecs specs = new MachineReader(root.Path, root.Path).Read(s_noGpus, s_site);

        Assert.Equal(new CpuSpecs("Stand-in (R) 9: X", 4, 8), specs.Cpu);
        Assert.Equal(("NL", new NetworkSpecs("", 0, 940, 880)), (specs.Country, specs.Network));
        Assert.Equal((64_000, "Debian GNU/Linux 12 (bookworm) 6.1.0-18-amd64", "socket"), (specs.RamMb, specs.SystemEnvironment, specs.Protocol));
        Assert.Equal((0, 0, "0.0.0"), (specs.Gpus.Devices.Count, specs.Gpus.CudaDriverVersion, specs.Gpus.NvmlDriverVersion));
    }

    [Fact]
    public void Read_NoFiles_SpecsWithGaps()
    {
        using var root = new TemporaryDirectory();

        HostSpecs specs = new MachineReader(root.Path, root.Path).Read(s_noGpus, s_site);

        Assert.Equal((new CpuSpecs("unknown", Environment.ProcessorCount, Environment.ProcessorCount), 0L, "Linux"), (specs.Cpu, specs.RamMb, specs.SystemEnvironment));
    }

    [Fact]
    public void Read_ThisMachine_IsPlausible()
    {
        HostSpecs specs = new MachineReader("/", Path.GetTempPath()).Read(s_noGpus, s_site);

        Assert.InRange(specs.Cpu.LogicalCores, 1, 10_000);
        Assert.InRange(specs.RamMb, 1, 1L << 30);
        Assert.InRange(specs.DiskGb, 0, long.MaxValue);
    }

    [Fact]
    public void Read_Gpus_AsTheDriverTellsThem()
    {
        using var root = new TemporaryDirectory();
        var gpus = new GpuSnapshot
        {
            Gpus = [new GpuDevice(0, "GPU-a", "Card", 24_564, 20_000) { ComputeCapability = (8, 9) }, new GpuDevice(1, "GPU-b", "Old card", 8_192, 8_000)],
            DriverVersion = "550.54.14",
            CudaVersion = new CudaVersion(12, 4),
        };

        GpuSpecs specs = new MachineReader(root.Path, root.Path).Read(gpus, s_site).Gpus;

        Assert.Equal((12_040, 12_040, "550.54.14"), (specs.RuntimeVersion, specs.CudaDriverVersion, specs.NvmlDriverVersion));
        Assert.Equal([(0, "Card", "GPU-a", 24_564L, new GpuArchitectureSpecs(8, 9)), (1, "Old card", "GPU-b", 8_192L, null)],
            specs.Devices.Select(gpu => (gpu.Index, gpu.Name, gpu.Uuid, gpu.Memory.TotalMb, gpu.NetworkArchitecture)));
    }

    private static void Write(TemporaryDirectory root, string file, string text)
    {
        string path = Path.Combine(root.Path, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
