namespace Nosana.Docker.Models;

/// <summary>What runs in a container: the portable half of its settings. In requests, null leaves a value to the image or the engine.</summary>
public class ContainerConfig
{
    public string? Hostname { get; set; }

    public string? Domainname { get; set; }

    /// <summary><c>user</c>, <c>uid</c>, <c>user:group</c> or <c>uid:gid</c>.</summary>
    public string? User { get; set; }

    public bool? AttachStdin { get; set; }

    public bool? AttachStdout { get; set; }

    public bool? AttachStderr { get; set; }

    /// <summary>Ports as <c>8080/tcp</c>.</summary>
    public IDictionary<string, EmptyStruct>? ExposedPorts { get; set; }

    public bool? Tty { get; set; }

    public bool? OpenStdin { get; set; }

    public bool? StdinOnce { get; set; }

    /// <summary>Environment as <c>NAME=value</c>; <c>NAME</c> alone removes a variable of the image.</summary>
    public IList<string>? Env { get; set; }

    public IList<string>? Cmd { get; set; }

    public HealthConfig? Healthcheck { get; set; }

    public string? Image { get; set; }

    public IDictionary<string, EmptyStruct>? Volumes { get; set; }

    public string? WorkingDir { get; set; }

    public IList<string>? Entrypoint { get; set; }

    public bool? NetworkDisabled { get; set; }

    public IDictionary<string, string>? Labels { get; set; }

    public string? StopSignal { get; set; }

    /// <summary>Seconds between the stop signal and SIGKILL when a stop request names none.</summary>
    public int? StopTimeout { get; set; }

    public IList<string>? Shell { get; set; }
}
