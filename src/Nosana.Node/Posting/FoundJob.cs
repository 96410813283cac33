using Nosana.Node.Chain;
using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Posting;

/// <summary>A job found, and its run while somebody runs it.</summary>
internal sealed record FoundJob(PublicKey Address, JobAccount Job, ObservedRun? Run)
{
    /// <summary>In the words of the network's clients; whether a job runs is told by its run alone, the chain stores no word for that.</summary>
    public string State => Job.State switch
    {
        JobState.Queued => Run is null ? JobStates.Queued : JobStates.Running,
        JobState.Done => JobStates.Completed,
        JobState.Stopped => JobStates.Stopped,
        var other => $"UNKNOWN ({(byte)other})",
    };

    /// <summary>Zero until somebody has it.</summary>
    public PublicKey Node => Run?.Run.Node ?? Job.Node;

    /// <summary>Unix seconds; 0 while it waits.</summary>
    public long TimeStart => Run?.Run.Time ?? Job.TimeStart;

    /// <summary>Nothing more comes: it was given back, or its result is on chain.</summary>
    public bool HasEnded => Job.State == JobState.Stopped || Job.State == JobState.Done && Job.HasResult;
}
