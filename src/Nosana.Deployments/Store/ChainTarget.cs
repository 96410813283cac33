namespace Nosana.Deployments.Store;

/// <summary>One thing to be made true on chain. It is written down with the plan that asks for it, and its key keeps it from being asked for twice.</summary>
public sealed record ChainTarget
{
    /// <summary>Kind and what it is about, such as <c>list:ADDRESS</c>: see <see cref="KeyOf"/>.</summary>
    public required string Key { get; init; }

    public required string Deployment { get; init; }

    public required TargetKind Kind { get; init; }

    /// <summary>Address of the job that it is about.</summary>
    public required string Job { get; init; }

    /// <summary>Extend: of the job in all, from its start.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Assign: the host that is to have the job.</summary>
    public string? Node { get; init; }

    /// <summary>Why, in one word; for a person.</summary>
    public string? Reason { get; init; }

    public TargetState State { get; init; }

    /// <summary>Of the transaction that is to do it; null before one is signed.</summary>
    public string? Signature { get; init; }

    /// <summary>How many transactions failed.</summary>
    public int Attempts { get; init; }

    /// <summary>Of the last one that failed.</summary>
    public string? Error { get; init; }

    /// <summary>It is not tried again before; null is at once.</summary>
    public DateTimeOffset? DueAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>What makes it unique: a job is listed, ended and recovered once, and given each timeout once.</summary>
    public static string KeyOf(TargetKind kind, string job, TimeSpan? timeout = null) =>
        FormattableString.Invariant($"{kind}:{job}") + (timeout is { } inAll ? FormattableString.Invariant($":{inAll.TotalSeconds:0}") : "");
}

/// <summary>What is done on chain.</summary>
public enum TargetKind
{
    /// <summary>A job comes onto its market.</summary>
    List,

    /// <summary>A job is given to a host that waits.</summary>
    Assign,

    /// <summary>A job may run longer.</summary>
    Extend,

    /// <summary>A job leaves its market, or ends.</summary>
    Stop,

    /// <summary>The deposit of a job that its host gave back comes home.</summary>
    Recover,

    /// <summary>The rent of a finished job's account comes home.</summary>
    Clean,
}

/// <summary>How far it is.</summary>
public enum TargetState
{
    /// <summary>No transaction of it can still land.</summary>
    Planned,

    /// <summary>A signed transaction of it is written down, and may land.</summary>
    Signed,

    Confirmed,

    /// <summary>Nobody wants it any more, or it can never be.</summary>
    Dropped,
}
