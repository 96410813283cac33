namespace Nosana.Node.Engine.Containers;

/// <summary>
/// What strangers' containers may do on this machine. The defaults are the hardened ones; each loosening is an explicit choice of the operator.
/// Not to be had at all: privileged mode, mounts of the machine's directories or of the engine's socket, the machine's network, PID or IPC
/// namespace, published ports, devices other than GPUs. The engine's own seccomp and AppArmor profiles stay on, since nothing here names another.
/// </summary>
internal sealed record HardeningProfile
{
    /// <summary>
    /// Capabilities left of the engine's fourteen: those that package installers, web servers on port 80 and an SSH server need.
    /// Dropped: MKNOD (devices), NET_RAW (forged packets on the job's network), AUDIT_WRITE (the machine's audit log), SETFCAP and SETPCAP.
    /// </summary>
    public IReadOnlyList<string> Capabilities { get; init; } =
        ["CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "NET_BIND_SERVICE", "SETGID", "SETUID", "SYS_CHROOT"];

    /// <summary>Programs with the setuid bit give nothing (sudo among them).</summary>
    public bool NoNewPrivileges { get; init; } = true;

    /// <summary>Processes and threads. Data loaders on machines with many cores need thousands.</summary>
    public long PidsLimit { get; init; } = 8192;

    /// <summary>Memory in bytes, the slot's share; null is the machine's. Swap is never added to it.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Billionths of a CPU, the slot's share; null is all CPUs.</summary>
    public long? NanoCpus { get; init; }

    /// <summary>Size of /dev/shm, which the engine sets to 64 MiB and data loaders fill. It counts as the container's memory.</summary>
    public long ShmBytes { get; init; } = 4L << 30;

    /// <summary>
    /// Disk in bytes that a container may fill: with its layer, the engine's files in it, its image's and its job's volumes, and its output; null is no
    /// limit. Where <see cref="StorageBytes"/> is
    /// asked for, the engine keeps the layer to it; else the agent looks from time to time and stops the operation.
    /// </summary>
    public long? DiskBytes { get; init; }

    /// <summary>
    /// Bytes of the engine's disk that jobs must leave: with less the host takes no job, and an operation that fills it is stopped, whatever
    /// <see cref="DiskBytes"/> allows.
    /// </summary>
    public long DiskReserveBytes { get; init; } = 2L << 30;

    /// <summary>
    /// Limit of the container's own layer in bytes, on storage drivers with quotas; null asks for none, since the others refuse to create then.
    /// </summary>
    public long? StorageBytes { get; init; }

    /// <summary>A first process that reaps what the tenant's own leaves behind.</summary>
    public bool Init { get; init; } = true;

    /// <summary>Open files; null leaves them to the engine, which cannot give a container more than it may have itself.</summary>
    public long? OpenFiles { get; init; }

    /// <summary>When the machine is out of memory, tenants go before the agent and the engine (-1000 to 1000).</summary>
    public int OomScoreAdjust { get; init; } = 500;

    /// <summary>What the engine keeps of the output of an operation while the agent is away.</summary>
    public long LogBytes { get; init; } = 512L << 20;

    /// <summary>
    /// Files among which <see cref="LogBytes"/> is divided; when full, the oldest goes. Few, since engines follow a log past the end of a file
    /// badly.
    /// </summary>
    public int LogFiles { get; init; } = 2;

    /// <summary>Size at which the engine begins another file.</summary>
    public long LogFileBytes => LogBytes / LogFiles;

    /// <summary>
    /// Whether the engine's own following of an output is to be trusted. Podman's (4.3) leaves out lines of an output that comes fast; reading
    /// without following is exact.
    /// </summary>
    public bool FollowsLogs { get; init; } = true;

    /// <summary>Up to how many bytes an output is followed; beyond, it is read again and again.</summary>
    public long FollowedBytes => FollowsLogs ? LogFileBytes : 0;

    public GpuInjection GpuInjection { get; init; } = GpuInjection.DeviceRequest;

    /// <summary>What the NVIDIA hook mounts: <c>utility</c> is nvidia-smi, <c>compute</c> is CUDA.</summary>
    public IReadOnlyList<string> GpuCapabilities { get; init; } = ["compute", "utility"];

    /// <summary>Time between the stop signal and the kill when the engine itself stops the container.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(10);
}
