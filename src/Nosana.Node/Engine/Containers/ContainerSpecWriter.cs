using System.Globalization;
using System.Text.RegularExpressions;
using Docker.DotNet.Models;

namespace Nosana.Node.Engine.Containers;

/// <summary>The one place that turns a specification and a profile into what the engine is asked for. Pure.</summary>
internal static partial class ContainerSpecWriter
{
    /// <summary>
    /// Variables by which NVIDIA's container runtime hands out devices and driver features: with it as the engine's default runtime,
    /// a tenant who sets one has the machine's GPUs. Requirements (NVIDIA_REQUIRE_*) and keys of NVIDIA's services are the tenant's own.
    /// </summary>
    private static readonly HashSet<string> GrantingVariables = new(StringComparer.OrdinalIgnoreCase)
    {
        VisibleDevices, "NVIDIA_DRIVER_CAPABILITIES", "NVIDIA_MIG_CONFIG_DEVICES", "NVIDIA_MIG_MONITOR_DEVICES",
        "NVIDIA_IMEX_CHANNELS", "NVIDIA_GDS", "NVIDIA_MOFED", "NVIDIA_NVSWITCH", "NVIDIA_GDRCOPY",
    };

    private const string VisibleDevices = "NVIDIA_VISIBLE_DEVICES";

    /// <summary>Names that some engines resolve to this machine; here they lead back into the container.</summary>
    private static readonly string[] HostAliases = ["host.docker.internal:0.0.0.0", "host.containers.internal:0.0.0.0"];

    /// <summary>Whether a variable is taken out of a tenant's environment.</summary>
    public static bool IsStripped(string variable) => GrantingVariables.Contains(variable);

    /// <exception cref="EngineException"><see cref="EngineFault.InvalidContainer"/>: a value that no engine takes, or that reaches for the machine.</exception>
    public static CreateContainerParameters Write(ContainerSpec spec, HardeningProfile profile) => new()
    {
        Name = spec.Name,
        Image = spec.ImageId ?? spec.Image,
        Cmd = spec.Command is null ? null! : [.. spec.Command],
        // An empty list would leave the image's entrypoint; one empty text removes it.
        Entrypoint = spec.Entrypoint switch { null => null!, [] => [""], _ => [.. spec.Entrypoint] },
        Env = Environment(spec),
        WorkingDir = Directory(spec.WorkingDirectory) ?? "",
        AttachStdout = false,
        AttachStderr = false,
        Tty = false,
        OpenStdin = false,
        StopTimeout = profile.StopGrace,
        Labels = new Dictionary<string, string>(spec.Labels),
        HostConfig = new HostConfig
        {
            Privileged = false,
            CapDrop = ["ALL"],
            CapAdd = [.. profile.Capabilities],
            SecurityOpt = profile.NoNewPrivileges ? ["no-new-privileges"] : [],
            CgroupnsMode = "private",
            IpcMode = "private",
            PidsLimit = profile.PidsLimit,
            Memory = profile.MemoryBytes ?? 0,
            MemorySwap = profile.MemoryBytes ?? 0, // equal to the memory: no swap
            NanoCPUs = profile.NanoCpus ?? 0,
            ShmSize = profile.ShmBytes,
            StorageOpt = profile.StorageBytes is { } size
                ? new Dictionary<string, string> { ["size"] = size.ToString(CultureInfo.InvariantCulture) }
                : null,
            Init = profile.Init,
            Ulimits = Limits(profile),
            OomScoreAdj = profile.OomScoreAdjust,
            LogConfig = Logs(profile),
            NetworkMode = spec.NetworkName,
            ExtraHosts = [.. HostAliases],
            PublishAllPorts = false,
            Mounts = [.. spec.Mounts.Select(Mount)],
            DeviceRequests = spec.Gpus is null ? null! : [spec.Gpus.For(profile)],
            RestartPolicy = Restart(spec.Restart),
        },
        NetworkingConfig = new NetworkingConfig
        {
            EndpointsConfig = new Dictionary<string, EndpointSettings>
            {
                [spec.NetworkName] = new() { Aliases = spec.Aliases.Count == 0 ? null! : [.. spec.Aliases] },
            },
        },
    };

    /// <summary>
    /// The engine's runtime enters this directory while it still holds handles of the machine, and /proc/self leads to them where the
    /// runtime has that mistake (CVE-2024-21626).
    /// </summary>
    private static string? Directory(string? path)
    {
        if (path is null) return null;
        string[] steps = [.. path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(step => step != ".")];
        if (steps.Contains("..") || steps.FirstOrDefault() is "proc")
            throw Invalid($"working directory '{path}' is not one of the image", "Use an absolute path without '..' and not below /proc.");
        return path;
    }

    private static List<string> Environment(ContainerSpec spec)
    {
        var variables = new List<string>();
        foreach ((string name, string value) in spec.Environment)
        {
            if (name.Length == 0 || name.Contains('=') || name.Contains('\0') || value.Contains('\0'))
                throw Invalid($"environment variable '{name}' has a name or value that no process can be given",
                    "Give it a name without '=' and no NUL characters.");
            if (!IsStripped(name)) variables.Add($"{name}={value}");
        }
        // Images of CUDA set it to "all" themselves; a container that was given no GPU must see none.
        if (spec.Gpus is null) variables.Add($"{VisibleDevices}=void");
        return variables;
    }

    private static List<Ulimit> Limits(HardeningProfile profile)
    {
        // A core file is written by the machine's kernel, where the machine's own settings say.
        List<Ulimit> limits = [new Ulimit { Name = "core", Soft = 0, Hard = 0 }];
        if (profile.OpenFiles is { } files) limits.Add(new Ulimit { Name = "nofile", Soft = files, Hard = files });
        return limits;
    }

    private static LogConfig Logs(HardeningProfile profile) => new()
    {
        Type = "json-file",
        Config = new Dictionary<string, string>
        {
            ["max-size"] = profile.LogFileBytes.ToString(CultureInfo.InvariantCulture),
            ["max-file"] = profile.LogFiles.ToString(CultureInfo.InvariantCulture),
        },
    };

    private static Mount Mount(VolumeMount mount)
    {
        // What is not a volume name could be taken for a path of this machine.
        if (!VolumeName().IsMatch(mount.VolumeName))
            throw Invalid($"volume name '{mount.VolumeName}' is not legal", "Use letters, digits, '_', '.' and '-', beginning with a letter or digit.");
        if (!mount.Target.StartsWith('/') || mount.Target.Trim('/').Length == 0 || mount.Target.Split('/').Contains(".."))
            throw Invalid($"volume '{mount.VolumeName}' cannot be mounted at '{mount.Target}'", "Use an absolute path below '/' without '..'.");
        return new Mount
        {
            Type = "volume",
            Source = mount.VolumeName,
            Target = mount.Target,
            ReadOnly = mount.ReadOnly,
            VolumeOptions = mount.NoCopy ? new VolumeOptions { NoCopy = true } : null,
        };
    }

    private static RestartPolicy Restart(JobDefinition.Model.RestartPolicy? restart) => restart?.Kind switch
    {
        // The engine starts an "always" container again at its own start even after it was stopped on purpose.
        JobDefinition.Model.RestartPolicyKind.Always or JobDefinition.Model.RestartPolicyKind.UnlessStopped =>
            new RestartPolicy { Name = RestartPolicyKind.UnlessStopped },
        JobDefinition.Model.RestartPolicyKind.OnFailure => new RestartPolicy { Name = RestartPolicyKind.OnFailure, MaximumRetryCount = restart.MaxTries ?? 0 },
        _ => new RestartPolicy { Name = RestartPolicyKind.No },
    };

    private static EngineException Invalid(string problem, string remedy) =>
        new(EngineFault.InvalidContainer, $"The container cannot be made: {problem}. {remedy}");

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9_.-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex VolumeName();
}
