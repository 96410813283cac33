namespace Nosana.Deployments.Model;

/// <summary>A job of a deployment, as it is known now.</summary>
public sealed record DeploymentJob
{
    /// <summary>Address of its account.</summary>
    public required string Job { get; init; }

    /// <summary>Id of its deployment.</summary>
    public string Deployment { get; init; } = "";

    /// <summary>The market that it was listed on.</summary>
    public string Market { get; init; } = "";

    /// <summary>Address of the host that has it, or had it; null when none does.</summary>
    public string? Node { get; init; }

    /// <summary>Signature of the transaction that listed it; null before there is one.</summary>
    public string? Tx { get; init; }

    /// <summary>Seeds of the two key pairs that sign its listing (of the job's account and the run's, 32 bytes each), until it is listed.</summary>
    public byte[]? ListingSeeds { get; init; }

    public required int Revision { get; init; }

    /// <summary>The start of the deployment that it belongs to.</summary>
    public required int Run { get; init; }

    /// <summary>The tick of the schedule that it is for; null where there is none.</summary>
    public DateTimeOffset? Tick { get; init; }

    public JobState State { get; init; }

    public EndReason? Reason { get; init; }

    /// <summary>It is to be stopped: what counts as wanted does not count it.</summary>
    public bool IsToStop { get; init; }

    /// <summary>When it was written down.</summary>
    public required DateTimeOffset ListedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Micro-NOS a second, as its market asked when it was listed.</summary>
    public ulong Price { get; init; }

    /// <summary>When anything of it changed last.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>On chain: how long it may run.</summary>
    public TimeSpan Timeout { get; init; }

    /// <summary>Something of it may still run, or come to run.</summary>
    public bool IsActive => State is JobState.Pending or JobState.Queued or JobState.Running;

    /// <summary>It counts as one of the replicas.</summary>
    public bool IsWanted => IsActive && !IsToStop;

    /// <summary>When the chain lets it end; null before it runs.</summary>
    public DateTimeOffset? Deadline => StartedAt + Timeout;

    /// <summary>How long it ran; null when it has not, or still does.</summary>
    public TimeSpan? RanFor => EndedAt - StartedAt;
}
