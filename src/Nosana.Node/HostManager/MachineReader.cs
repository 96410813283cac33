using System.Globalization;
using Nosana.Node.Gpus;
using Nosana.Node.Jobs;

namespace Nosana.Node.HostManager;

/// <summary>Reads the machine's specs from the kernel and the driver; at once, without a container.</summary>
/// <param name="root">Root directory of the machine's files, <c>/</c> but in tests.</param>
/// <param name="diskPath">A path on the disk that jobs use.</param>
internal sealed class MachineReader(string root, string diskPath)
{
    private const string UnknownCpu = "unknown";

    public HostSpecs Read(GpuSnapshot gpus, HostSite site) => new()
    {
        Country = site.Country,
        Network = new NetworkSpecs("", 0, site.DownloadMbps, site.UploadMbps),
        Version = AgentVersion.Text,
        SystemEnvironment = Environment(),
        Cpu = Cpu(),
        DiskGb = new DriveInfo(diskPath).AvailableFreeSpace / 1_000_000_000,
        RamMb = RamMb(),
        Gpus = Describe(gpus),
    };

    private static GpuSpecs Describe(GpuSnapshot gpus)
    {
        int cuda = gpus.CudaVersion is { } version ? version.Major * 1000 + version.Minor * 10 : 0;
        return new GpuSpecs(
            [
                .. gpus.Gpus.Select(gpu => new GpuDeviceSpecs(
                    gpu.Index, gpu.Name, gpu.Uuid, new GpuMemorySpecs(gpu.TotalMib),
                    gpu.ComputeCapability is { } capability ? new GpuArchitectureSpecs(capability.Major, capability.Minor) : null, [])),
            ],
            cuda, cuda, gpus.DriverVersion ?? "0.0.0");
    }

    private CpuSpecs Cpu()
    {
        string model = UnknownCpu, package = "";
        int logical = 0;
        HashSet<(string Package, string Core)> cores = [];
        foreach ((string name, string value) in Pairs("proc/cpuinfo", ':'))
        {
            switch (name)
            {
                case "processor": logical++; break;
                case "model name" when model == UnknownCpu: model = value; break;
                case "physical id": package = value; break;
                case "core id": cores.Add((package, value)); break;
            }
        }
        if (logical == 0) logical = System.Environment.ProcessorCount;
        // Virtual machines and ARM kernels name no cores.
        return new CpuSpecs(model, cores.Count > 0 ? cores.Count : logical, logical);
    }

    private long RamMb()
    {
        string? total = Pairs("proc/meminfo", ':').FirstOrDefault(pair => pair.Name == "MemTotal").Value;
        return long.TryParse(total?.Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long kilobytes) ? kilobytes / 1024 : 0;
    }

    private string Environment()
    {
        string name = Pairs("etc/os-release", '=').FirstOrDefault(pair => pair.Name == "PRETTY_NAME").Value?.Trim('"') ?? "Linux";
        string kernel = Lines("proc/sys/kernel/osrelease").FirstOrDefault()?.Trim() ?? "";
        return kernel.Length > 0 ? $"{name} {kernel}" : name;
    }

    private IEnumerable<(string Name, string Value)> Pairs(string file, char separator) =>
        from line in Lines(file)
        let at = line.IndexOf(separator)
        where at > 0
        select (line[..at].Trim(), line[(at + 1)..].Trim());

    // A machine without one of these files has specs with a gap, not none.
    private string[] Lines(string file) => Path.Combine(root, file) is var path && File.Exists(path) ? File.ReadAllLines(path) : [];
}
