using System.Globalization;
using Nosana.Node.Jobs.Ops;
using Nosana.Node.Jobs.State;

namespace Nosana.Node.Jobs;

/// <summary>
/// Why a job, or one operation of it, is ended before it ends by itself, with all that follows from the reason. Nothing else translates one:
/// what a reason is for the result, the journal or the log stands in this table. Texts and flags are those of the official host.
/// </summary>
internal sealed class StopReason
{
    /// <summary>
    /// The job's time is up, or its owner stopped it through the node: what ran until then is a success. What never got to run is none: nobody
    /// pays for a job of which nothing came, and is told that all went well.
    /// </summary>
    public static readonly StopReason Expired = new("expired", FlowStatus.Success)
    {
        UnstartedStatus = FlowStatus.Failed,
        EndsJob = true,
        SetFlag = static flags => flags.JobExpired = true,
        Text = "Operation stopped due to flow expired",
        BeforeStart = "The job's time was up before this host could start it.",
    };

    /// <summary>The poster ended the job on chain, or a person pressed Ctrl-C under <c>run</c>.</summary>
    public static readonly StopReason Stopped = new("stopped", FlowStatus.Stopped)
    {
        EndsJob = true,
        SetFlag = static flags => flags.JobStopped = true,
        Text = "Operation stopped due to flow stopped",
        BeforeStart = "The job was ended by its poster before this host could start it.",
    };

    /// <summary>The operator forces the host down.</summary>
    public static readonly StopReason HostShutDown = new("quit", FlowStatus.Failed)
    {
        EndsJob = true,
        SetFlag = static flags => flags.HostShutDown = true,
        Text = "Operation stopped due to flow quit",
        BeforeStart = "The host was shut down before it could start the job.",
    };

    /// <summary>The owner stopped this operation, or one that it serves ended.</summary>
    public static readonly StopReason Requested = new("requested", FlowStatus.Stopped);

    /// <summary>The owner restarts this operation.</summary>
    public static readonly StopReason Restart = new("restart", FlowStatus.Stopped);

    /// <summary>The operation's container ran as long as its <c>execution.timeout</c> lets it: that is an end like another, and the flow goes on.</summary>
    public static readonly StopReason Timeout = new("timeout", FlowStatus.Success)
    {
        OwnText = static op => string.Create(
            CultureInfo.InvariantCulture, $"Operation killed after exceeding its timeout of {op.Operation.Execution.TimeoutSeconds}s"),
    };

    /// <summary>The operation filled its disk budget; <see cref="OpContext.StopDetail"/> says how far.</summary>
    public static readonly StopReason DiskFull = new("disk full", FlowStatus.Failed) { Error = static op => op.StopDetail };

    private StopReason(string word, string status) => (Word, Status, UnstartedStatus) = (word, status, status);

    /// <summary>Every reason there is.</summary>
    public static IReadOnlyList<StopReason> All { get; } = [Expired, Stopped, HostShutDown, Requested, Restart, Timeout, DiskFull];

    /// <summary>In the journal and the log.</summary>
    public string Word { get; }

    /// <summary>Of every operation that is stopped for it.</summary>
    public string Status { get; }

    /// <summary>Of an operation whose container was still to come, and of a job of which nothing ran at all.</summary>
    public string UnstartedStatus { get; private init; }

    /// <summary>Whether the whole job ends; else one operation does.</summary>
    public bool EndsJob { get; private init; }

    /// <summary><c>diagnostics.reason.reason</c>; null where the official host says nothing, or what depends on the operation.</summary>
    public string? Text { get; private init; }

    /// <summary>The flow's error when the job was over before anything of it ran; null where that does not come up.</summary>
    public string? BeforeStart { get; private init; }

    private Action<StopFlags>? SetFlag { get; init; }

    private Func<OpContext, string>? OwnText { get; init; }

    private Func<OpContext, string?>? Error { get; init; }

    /// <summary>Writes the reason into the state of an operation that was stopped for it.</summary>
    public void WriteTo(OpState state, OpContext op)
    {
        WriteTo(state);
        if (OwnText is not null) state.Diagnostics.Reason.Reason = OwnText(op);
        if (Error?.Invoke(op) is { } error) state.Errors.Add(new OpError(OpError.Operation, error));
    }

    /// <summary>The same for an operation that never started.</summary>
    public void WriteTo(OpState state)
    {
        SetFlag?.Invoke(state.Diagnostics.Reason);
        state.Diagnostics.Reason.Reason = Text;
    }

    public override string ToString() => Word;
}
