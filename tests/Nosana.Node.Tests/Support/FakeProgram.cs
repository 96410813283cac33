using Nosana.Docker;

namespace Nosana.Node.Tests.Support;

/// <summary>What the containers of one operation do on a <see cref="FakeEngine"/>.</summary>
internal sealed class FakeProgram
{
    /// <summary>Ends at once with <see cref="ExitCode"/>; otherwise runs until a test or the agent ends it.</summary>
    public bool EndsAtOnce { get; init; } = true;

    public int ExitCode { get; set; }

    /// <summary>Exit code after a stop: 128 + SIGKILL, as of a program that ignores SIGTERM.</summary>
    public int StopExitCode { get; init; } = 137;

    public bool OomKilled { get; init; }

    /// <summary>What the container's own layer takes.</summary>
    public long LayerBytes { get; set; }

    /// <summary>What /etc/hosts takes.</summary>
    public long HostsBytes { get; set; }

    /// <summary>Volumes that its image asks for, and what each takes.</summary>
    public Dictionary<string, long> ImageVolumes { get; } = [];

    /// <summary>Printed at every start, line by line, to standard output.</summary>
    public IReadOnlyList<string> Prints { get; init; } = [];

    /// <summary>Thrown instead of making a container.</summary>
    public DockerException? CreateError { get; set; }

    /// <summary>Thrown instead of starting one; the container stays <c>created</c>.</summary>
    public DockerException? StartError { get; set; }

    /// <summary>Thrown instead of restarting one.</summary>
    public DockerException? RestartError { get; set; }

    /// <summary>A stop returns only once this has completed; null stops at once.</summary>
    public TaskCompletionSource? SlowStop { get; init; }

    public static FakeProgram Service() => new() { EndsAtOnce = false };
}
