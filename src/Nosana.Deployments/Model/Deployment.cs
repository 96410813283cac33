using System.Text.Json;
using System.Text.Json.Serialization;

namespace Nosana.Deployments.Model;

/// <summary>What is wished, and what has been made of it so far.</summary>
public sealed record Deployment
{
    /// <summary>Base58 of 32 bytes.</summary>
    public required string Id { get; init; }

    public string Name { get; init; } = "";

    /// <summary>Address of who wishes it.</summary>
    public string Owner { get; init; } = "";

    /// <summary>Address of the vault that pays.</summary>
    public string Vault { get; init; } = "";

    /// <summary>Address of the market that its jobs are listed on.</summary>
    public string Market { get; init; } = "";

    public required DeploymentStatus Status { get; init; }

    public required DeploymentStrategy Strategy { get; init; }

    public required int Replicas { get; init; }

    /// <summary>Of each job.</summary>
    public required TimeSpan Timeout { get; init; }

    public int ActiveRevision { get; init; } = 1;

    /// <summary>SCHEDULED alone.</summary>
    public DeploymentSchedule? Schedule { get; init; }

    /// <summary>INFINITE alone: so long before its end a job's replacement is listed.</summary>
    public TimeSpan Rotation { get; init; } = DefaultRotation;

    /// <summary>Counts its starts: what belongs to an earlier one is none of this one's.</summary>
    public int Run { get; init; }

    /// <summary>SIMPLE and SIMPLE-EXTEND: what is to have been listed in all. Null until this run has begun.</summary>
    public ListingQuota? Quota { get; init; }

    /// <summary>SCHEDULED: the tick that comes next.</summary>
    public DateTimeOffset? NextTick { get; init; }

    public RapidRounds Rapid { get; init; } = RapidRounds.None;

    /// <summary>Its definition goes to the host that has the job, and to nobody else.</summary>
    public bool Confidential { get; init; }

    /// <summary>INFINITE with exposed ports alone: a job that is not reachable so long after its start is replaced.</summary>
    public TimeSpan? StartupTimeout { get; init; }

    /// <summary>Properties of a host by name: a number is the least, a text or a truth value must be equal. Null asks for none.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Requirements { get; init; }

    /// <summary>Hosts that may have its jobs; empty means any.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Hosts that may not.</summary>
    public IReadOnlyList<string> DeniedHosts { get; init; } = [];

    /// <summary>Lines of OpenSSH's authorized_keys, for its jobs.</summary>
    public IReadOnlyList<string> SshPublicKeys { get; init; } = [];

    /// <summary>Of the request that made it: a second one of the same owner makes no second deployment.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Counts its writes: one that was made on an older one is refused.</summary>
    [JsonIgnore]
    public long Version { get; init; }

    /// <summary>When it is to be looked at again; null when nothing changes by itself.</summary>
    [JsonIgnore]
    public DateTimeOffset? NextAt { get; init; }

    [JsonIgnore]
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Of the last change that its owner made.</summary>
    [JsonIgnore]
    public DateTimeOffset UpdatedAt { get; init; }

    public static TimeSpan DefaultRotation { get; } = TimeSpan.FromMinutes(20);
}

/// <summary>How many jobs of a revision are to have been listed in a run: those that ended by themselves are not replaced.</summary>
public sealed record ListingQuota(int Run, int Revision, int Jobs);

/// <summary>Rounds in which jobs ended at once.</summary>
/// <param name="Streak">How many there were, one after the other.</param>
/// <param name="Until">No job is listed before.</param>
/// <param name="Judged">So many jobs of this start had ended when it was looked at last. The chain's times are whole seconds: they tell too little.</param>
public sealed record RapidRounds(int Streak, DateTimeOffset? Until, int Judged)
{
    /// <summary>At a start.</summary>
    public static RapidRounds None { get; } = new(0, null, 0);
}
