namespace Nosana.EndToEnd.Tests.Corpus;

/// <summary>How a definition is run with stand-in images, and how its operations end.</summary>
/// <param name="Timeout">Seconds for <c>--timeout</c>, for services that do not end; null runs to the end.</param>
/// <param name="Ops">In the order of the definition.</param>
internal sealed record ExpectedRun(int? Timeout, IReadOnlyList<ExpectedOp> Ops)
{
    public static ExpectedRun ToItsEnd(params ExpectedOp[] ops) => new(null, ops);

    public static ExpectedRun Expiring(int seconds, params ExpectedOp[] ops) => new(seconds, ops);

    /// <summary>Interrupted once all of its services run.</summary>
    public static ExpectedRun Serving(params ExpectedOp[] ops) => new(null, ops);

    public bool IsStopped => Ops.Any(op => op.IsStopped);

    /// <summary>One failed operation fails the flow.</summary>
    public string Status => Ops.Any(op => op.Status == "failed") ? "failed" : "success";

    public int ExitCode => IsStopped ? 130 : Status == "success" ? 0 : 1;
}

/// <param name="HasContainer">Whether a container was made.</param>
internal sealed record ExpectedOp(string Id, string Group, string Status, int ExitCode, bool HasContainer)
{
    /// <summary>SIGTERM, as a shell reports it.</summary>
    private const int Terminated = 128 + 15;

    /// <summary>What is reported where there is no exit code of a container's.</summary>
    private const int NoContainer = 2;

    /// <summary>All that it prints to its standard output; null where that depends on the machine or the moment.</summary>
    public IReadOnlyList<string>? Lines { get; init; } = [];

    /// <summary>The remote files it has, in the order of the definition.</summary>
    public IReadOnlyList<ExpectedMount> Mounts { get; init; } = [];

    /// <summary>What is taken from its output, by name: the match and its groups.</summary>
    public IReadOnlyDictionary<string, string[]> Results { get; init; } = new Dictionary<string, string[]>();

    /// <summary>The beginning of its only error; null without one.</summary>
    public string? Error { get; init; }

    /// <summary>The job's time was up while it ran, or before it could.</summary>
    public bool IsExpired { get; init; }

    /// <summary>The job was stopped while it ran.</summary>
    public bool IsStopped => Status == "stopped";

    public int Restarts { get; init; }

    public bool HasStarted { get; init; } = true;

    public static ExpectedOp Ended(string id, params string[] lines) => new(id, id, "success", 0, true) { Lines = lines };

    public static ExpectedOp Volume(string id) => new(id, id, "success", 0, false);

    public static ExpectedOp Failed(string id, int exitCode, string? error, params string[] lines) => new(id, id, "failed", exitCode, true) { Error = error, Lines = lines };

    public static ExpectedOp NotStarted(string id, string error) => new(id, id, "failed", NoContainer, false) { Error = error };

    public static ExpectedOp Expired(string id, string? group = null) => new(id, group ?? id, "success", Terminated, true) { IsExpired = true };

    public static ExpectedOp Served(string id, string? group = null) => new(id, group ?? id, "stopped", Terminated, true);

    public static ExpectedOp NotReached(string id, string group) => new(id, group, "success", 0, false) { HasStarted = false, IsExpired = true };
}

/// <param name="Target">Where in the container.</param>
/// <param name="Files">Contents by their paths from there: these and no others.</param>
internal sealed record ExpectedMount(string Target, IReadOnlyDictionary<string, string> Files)
{
    /// <summary>The operation may write there.</summary>
    public bool IsWritable { get; init; }
}
