using Docker.DotNet.Models;
using Nosana.Node.Engine.Containers;

namespace Nosana.Node.Engine;

/// <summary>What an engine is and can do.</summary>
/// <param name="Version">Of the engine.</param>
/// <param name="ApiVersion">Newest API version that it speaks.</param>
/// <param name="IsPodman">It is Podman's compatible API.</param>
/// <param name="StorageDriver">For example <c>overlay2</c>.</param>
/// <param name="DataDirectory">Where images, layers and volumes lie; its disk is what jobs fill.</param>
/// <param name="Cpus">CPUs that the engine has, which may be fewer than the machine's.</param>
/// <param name="MemoryBytes">Memory that the engine has.</param>
/// <param name="CgroupVersion"><c>1</c> or <c>2</c>.</param>
/// <param name="LiveRestore">Containers run on while the engine restarts.</param>
/// <param name="NvidiaRuntime">The NVIDIA container runtime is configured.</param>
/// <param name="CdiDevices">CDI names that the engine lists; empty on engines that have none or do not list them.</param>
/// <param name="SecurityOptions">For example <c>name=seccomp,profile=default</c>.</param>
/// <param name="Warnings">What the engine itself warns of, such as missing memory limits.</param>
internal sealed record EngineStatus(
    string Version, string ApiVersion, bool IsPodman, string StorageDriver, string DataDirectory, long Cpus, long MemoryBytes,
    string CgroupVersion, bool LiveRestore, bool NvidiaRuntime, IReadOnlyList<string> CdiDevices,
    IReadOnlyList<string> SecurityOptions, IReadOnlyList<string> Warnings)
{
    /// <summary>
    /// The first Podman whose compatible API gives the GPUs of a CDI request. Older ones accept it and give none, as every one does with a request
    /// of Docker's kind.
    /// </summary>
    private const int PodmanWithCdi = 5;

    /// <summary>How it is asked for GPUs.</summary>
    public GpuInjection GpuInjection =>
        !IsPodman ? GpuInjection.DeviceRequest
        : int.TryParse(Version.Split('.')[0], out int major) && major >= PodmanWithCdi ? GpuInjection.Cdi
        : GpuInjection.None;

    internal static bool IsPodmanOf(VersionResponse version) =>
        (version.Components ?? []).Any(component => component.Name.Contains("Podman", StringComparison.OrdinalIgnoreCase));

    internal static EngineStatus From(VersionResponse version, SystemInfoResponse info) => new(
        version.Version,
        version.APIVersion,
        IsPodmanOf(version),
        info.Driver,
        info.DockerRootDir,
        info.NCPU,
        info.MemTotal,
        info.CgroupVersion ?? "",
        info.LiveRestoreEnabled,
        info.Runtimes.ContainsKey("nvidia"),
        [.. (info.DiscoveredDevices ?? []).Where(device => device.Source == "cdi").Select(device => device.ID)],
        [.. info.SecurityOptions],
        [.. info.Warnings]);
}
