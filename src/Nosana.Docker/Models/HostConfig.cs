using System.Text.Json.Serialization;

namespace Nosana.Docker.Models;

/// <summary>How a container sits on its machine: limits, mounts, devices, hardening. Null leaves a value to the engine.</summary>
public sealed class HostConfig
{
    /// <summary>Bind mounts in the short form <c>source:target[:ro]</c>.</summary>
    public IList<string>? Binds { get; set; }

    public LogConfig? LogConfig { get; set; }

    /// <summary><c>bridge</c>, <c>none</c>, <c>host</c>, <c>container:ID</c> or a network's name.</summary>
    public string? NetworkMode { get; set; }

    public IDictionary<string, IList<PortBinding>>? PortBindings { get; set; }

    public RestartPolicy? RestartPolicy { get; set; }

    public bool? AutoRemove { get; set; }

    public IList<string>? CapAdd { get; set; }

    public IList<string>? CapDrop { get; set; }

    /// <summary><c>private</c> or <c>host</c>.</summary>
    public string? CgroupnsMode { get; set; }

    [JsonPropertyName("Dns")]
    public IList<string>? DNS { get; set; }

    [JsonPropertyName("DnsOptions")]
    public IList<string>? DNSOptions { get; set; }

    [JsonPropertyName("DnsSearch")]
    public IList<string>? DNSSearch { get; set; }

    /// <summary>Lines of <c>/etc/hosts</c> as <c>name:address</c>.</summary>
    public IList<string>? ExtraHosts { get; set; }

    public IList<string>? GroupAdd { get; set; }

    /// <summary><c>none</c>, <c>private</c>, <c>shareable</c>, <c>host</c> or <c>container:ID</c>.</summary>
    public string? IpcMode { get; set; }

    public IList<string>? Links { get; set; }

    public long? OomScoreAdj { get; set; }

    public string? PidMode { get; set; }

    public bool? Privileged { get; set; }

    public bool? PublishAllPorts { get; set; }

    public bool? ReadonlyRootfs { get; set; }

    /// <summary>For example <c>no-new-privileges</c>, <c>seccomp=JSON</c>, <c>apparmor=PROFILE</c>.</summary>
    public IList<string>? SecurityOpt { get; set; }

    /// <summary>Options of the storage driver, for example <c>size=120G</c>.</summary>
    public IDictionary<string, string>? StorageOpt { get; set; }

    /// <summary>Temporary file systems: path to mount options.</summary>
    public IDictionary<string, string>? Tmpfs { get; set; }

    public string? UTSMode { get; set; }

    public string? UsernsMode { get; set; }

    /// <summary>Bytes of /dev/shm.</summary>
    public long? ShmSize { get; set; }

    public IDictionary<string, string>? Sysctls { get; set; }

    public string? Runtime { get; set; }

    public long? CpuShares { get; set; }

    /// <summary>Memory limit in bytes; 0 is none.</summary>
    public long? Memory { get; set; }

    /// <summary>CPU limit in billionths of a CPU.</summary>
    [JsonPropertyName("NanoCpus")]
    public long? NanoCPUs { get; set; }

    public string? CgroupParent { get; set; }

    public ushort? BlkioWeight { get; set; }

    public long? CpuPeriod { get; set; }

    public long? CpuQuota { get; set; }

    public string? CpusetCpus { get; set; }

    public string? CpusetMems { get; set; }

    public IList<DeviceMapping>? Devices { get; set; }

    public IList<string>? DeviceCgroupRules { get; set; }

    public IList<DeviceRequest>? DeviceRequests { get; set; }

    public long? MemoryReservation { get; set; }

    /// <summary>Memory and swap in bytes; -1 is unlimited swap, equal to <see cref="Memory"/> is no swap.</summary>
    public long? MemorySwap { get; set; }

    public long? MemorySwappiness { get; set; }

    public bool? OomKillDisable { get; set; }

    public long? PidsLimit { get; set; }

    public IList<Ulimit>? Ulimits { get; set; }

    public IList<Mount>? Mounts { get; set; }

    public IList<string>? MaskedPaths { get; set; }

    public IList<string>? ReadonlyPaths { get; set; }

    /// <summary>Whether the engine runs an init as PID 1 that reaps children and forwards signals.</summary>
    public bool? Init { get; set; }
}
