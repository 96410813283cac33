namespace Nosana.EndToEnd.Tests.Corpus;

/// <summary>How a definition is run with stand-in images, and how its operations end.</summary>
/// <param name="Timeout">Seconds for <c>--timeout</c>, for services that do not end; null runs to the end.</param>
/// <param name="Ops">In the order of the definition.</param>
internal sealed record ExpectedRun(int? Timeout, IReadOnlyList<ExpectedOp> Ops)
{
    public static ExpectedRun ToItsEnd(params ExpectedOp[] ops) => new(null, ops);

    public static ExpectedRun Expiring(int seconds, params ExpectedOp[] ops) => new(seconds, ops);

    /// <summary>One failed operation fails the flow.</summary>
    public string Status => Ops.Any(op => op.Status == "failed") ? "failed" : "success";
}

/// <param name="HasContainer">Whether a container was made.</param>
internal sealed record ExpectedOp(string Id, string Group, string Status, int ExitCode, bool HasContainer)
{
    /// <summary>SIGTERM, as a shell reports it.</summary>
    private const int Terminated = 128 + 15;

    /// <summary>What is reported where there is no exit code of a container's.</summary>
    private const int NoContainer = 2;

    /// <summary>All that it prints to its standard output.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];

    /// <summary>The beginning of its only error; null without one.</summary>
    public string? Error { get; init; }

    /// <summary>The job's time was up while it ran.</summary>
    public bool IsExpired { get; init; }

    public int Restarts { get; init; }

    public bool HasStarted { get; init; } = true;

    public static ExpectedOp Ended(string id, params string[] lines) => new(id, id, "success", 0, true) { Lines = lines };

    public static ExpectedOp Volume(string id) => new(id, id, "success", 0, false);

    public static ExpectedOp Failed(string id, int exitCode, string? error, params string[] lines) => new(id, id, "failed", exitCode, true) { Error = error, Lines = lines };

    public static ExpectedOp NotStarted(string id, string error) => new(id, id, "failed", NoContainer, false) { Error = error };

    public static ExpectedOp Expired(string id, string? group = null) => new(id, group ?? id, "success", Terminated, true) { IsExpired = true };

    public static ExpectedOp NotReached(string id, string group) => new(id, group, "success", 0, false) { HasStarted = false };
}
