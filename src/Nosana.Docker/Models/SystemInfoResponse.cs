using System.Text.Json.Serialization;

namespace Nosana.Docker.Models;

/// <summary>Answer of <c>GET /info</c>.</summary>
public sealed class SystemInfoResponse
{
    public string ID { get; set; } = "";

    /// <summary>Host name of the machine.</summary>
    public string Name { get; set; } = "";

    public string ServerVersion { get; set; } = "";

    public long Containers { get; set; }

    public long ContainersRunning { get; set; }

    public long ContainersPaused { get; set; }

    public long ContainersStopped { get; set; }

    public long Images { get; set; }

    /// <summary>Storage driver.</summary>
    public string Driver { get; set; } = "";

    /// <summary>Pairs of name and value.</summary>
    public IList<IList<string>> DriverStatus { get; set; } = [];

    public string DockerRootDir { get; set; } = "";

    public string OperatingSystem { get; set; } = "";

    public string OSType { get; set; } = "";

    public string OSVersion { get; set; } = "";

    public string Architecture { get; set; } = "";

    public string KernelVersion { get; set; } = "";

    public long NCPU { get; set; }

    /// <summary>Bytes.</summary>
    public long MemTotal { get; set; }

    public bool MemoryLimit { get; set; }

    public bool SwapLimit { get; set; }

    public bool PidsLimit { get; set; }

    [JsonPropertyName("CpuCfsQuota")]
    public bool CPUCfsQuota { get; set; }

    public bool OomKillDisable { get; set; }

    public string LoggingDriver { get; set; } = "";

    public string CgroupDriver { get; set; } = "";

    /// <summary><c>1</c> or <c>2</c>.</summary>
    public string CgroupVersion { get; set; } = "";

    /// <summary>By name; <c>nvidia</c> when the container toolkit is configured as a runtime.</summary>
    public IDictionary<string, Runtime> Runtimes { get; set; } = new Dictionary<string, Runtime>();

    public string DefaultRuntime { get; set; } = "";

    /// <summary>For example <c>name=seccomp,profile=default</c>, <c>name=apparmor</c>, <c>name=rootless</c>, <c>name=userns</c>.</summary>
    public IList<string> SecurityOptions { get; set; } = [];

    public IList<string> Labels { get; set; } = [];

    public IList<string> Warnings { get; set; } = [];

    public PluginsInfo Plugins { get; set; } = new();

    public RegistryServiceConfig RegistryConfig { get; set; } = new();

    public bool LiveRestoreEnabled { get; set; }

    public string HttpProxy { get; set; } = "";

    public string HttpsProxy { get; set; } = "";

    public string NoProxy { get; set; } = "";

    /// <summary>Directories of CDI specifications; empty when the engine has no CDI.</summary>
    public IList<string> CDISpecDirs { get; set; } = [];

    /// <summary>Devices that CDI and other drivers offer, from API 1.50 on.</summary>
    public IList<DeviceInfo> DiscoveredDevices { get; set; } = [];
}
