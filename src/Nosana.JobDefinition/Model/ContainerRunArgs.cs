
namespace Nosana.JobDefinition.Model;

/// <summary>Arguments of <c>container/run</c> with every placeholder resolved and the definition's defaults merged.</summary>
public sealed record ContainerRunArgs
{
    /// <summary>Image reference as written.</summary>
    public required string Image { get; init; }

    /// <summary>Null: the image's own.</summary>
    public CommandLine? Cmd { get; init; }

    /// <summary>Null: the image's own.</summary>
    public IReadOnlyList<string>? Entrypoint { get; init; }

    /// <summary>Global, then the operation's, then <c>NOSANA_ID</c>.</summary>
    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();

    /// <summary>Null: the image's own.</summary>
    public string? WorkDir { get; init; }

    /// <summary>All GPUs of the slot.</summary>
    public bool Gpu { get; init; }

    /// <summary>Named volumes of the job.</summary>
    public IReadOnlyList<VolumeMount> Volumes { get; init; } = [];

    /// <summary>Ports to expose, ranges expanded, in the order written; empty when none.</summary>
    public IReadOnlyList<ExposedPort> Expose { get; init; } = [];

    /// <summary>Extra DNS names in the job's network.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Remote files to mount.</summary>
    public IReadOnlyList<Resource> Resources { get; init; } = [];

    /// <summary>Credentials for the pull; null when none.</summary>
    public DockerAuthentication? Authentication { get; init; }

    /// <summary>Null: not restarted.</summary>
    public RestartPolicy? RestartPolicy { get; init; }
}

/// <summary>Arguments of <c>container/create-volume</c>.</summary>
/// <param name="Name">Name within the job.</param>
public sealed record CreateVolumeArgs(string Name);

/// <summary>A named volume of the job, mounted read-write.</summary>
/// <param name="Name">Name within the job.</param>
/// <param name="Dest">Path in the container.</param>
public sealed record VolumeMount(string Name, string Dest);

/// <summary>Registry credentials; any may be absent.</summary>
/// <param name="Username">User name.</param>
/// <param name="Password">Password or token.</param>
/// <param name="Email">E-mail.</param>
/// <param name="Server">Registry host; the image's own registry when absent.</param>
public sealed record DockerAuthentication(string? Username, string? Password, string? Email, string? Server)
{
    /// <summary>The password never appears.</summary>
    public override string ToString() => $"DockerAuthentication {{ Username = {Username}, Server = {Server} }}";
}
