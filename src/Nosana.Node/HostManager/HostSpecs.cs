using System.Text.Json.Serialization;

namespace Nosana.Node.HostManager;

/// <summary>
/// What a host tells of its machine. The official host has strangers tell it its country, address and the speed of its line; this one asks
/// nobody and sends what its operator says, else the official host's values of what is not known: nothing and zero.
/// </summary>
internal sealed record HostSpecs
{
    /// <summary>Of this agent.</summary>
    public required string Version { get; init; }

    /// <summary>Two letters; empty when the operator does not say.</summary>
    public string Country { get; init; } = "";

    public NetworkSpecs Network { get; init; } = new("", 0, 0, 0);

    /// <summary>Distribution and kernel.</summary>
    public required string SystemEnvironment { get; init; }

    public required CpuSpecs Cpu { get; init; }

    /// <summary>Free space, in GB (10^9 bytes).</summary>
    public required long DiskGb { get; init; }

    /// <summary>Installed memory, in MiB.</summary>
    public required long RamMb { get; init; }

    public required GpuSpecs Gpus { get; init; }

    /// <summary>How the engine is reached.</summary>
    public string Protocol { get; init; } = "socket";
}

/// <param name="Ip">Empty: the service sees where the host's requests come from.</param>
/// <param name="PingMs">To the host manager and back; 0 before anything was answered.</param>
internal sealed record NetworkSpecs(string Ip, int PingMs, int DownloadMbps, int UploadMbps);

/// <summary>What only the operator knows of a host; empty and 0 where he does not say.</summary>
/// <param name="Country">Two letters, ISO 3166.</param>
internal sealed record HostSite(string Country, int DownloadMbps, int UploadMbps);

internal sealed record CpuSpecs(string Model, int PhysicalCores, int LogicalCores);

/// <summary>The GPUs, as the network's own check prints them.</summary>
/// <param name="RuntimeVersion">1000 x major + 10 x minor: the newest CUDA that the driver runs, since no toolkit is installed on a host.</param>
/// <param name="CudaDriverVersion">The same number, of the driver.</param>
/// <param name="NvmlDriverVersion">Such as <c>550.54.14</c>; 0.0.0 without a driver.</param>
internal sealed record GpuSpecs(IReadOnlyList<GpuDeviceSpecs> Devices, int RuntimeVersion, int CudaDriverVersion, string NvmlDriverVersion);

/// <param name="Results">Of the network's benchmark, which this agent does not run: empty.</param>
internal sealed record GpuDeviceSpecs(int Index, string Name, string Uuid, GpuMemorySpecs Memory, GpuArchitectureSpecs? NetworkArchitecture,
    IReadOnlyList<double> Results);

/// <param name="TotalMb">MiB.</param>
internal sealed record GpuMemorySpecs(long TotalMb);

internal sealed record GpuArchitectureSpecs(int Major, int Minor);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HostSpecs))]
[JsonSerializable(typeof(GpuSpecs))]
internal sealed partial class HostSpecsJson : JsonSerializerContext;
