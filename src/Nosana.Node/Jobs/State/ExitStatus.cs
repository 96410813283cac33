using Nosana.Node.Jobs.Ops;

namespace Nosana.Node.Jobs.State;

/// <summary>From exit codes to status words: what an operation's end makes of its status, and the operations' statuses of the flow's.</summary>
internal static class ExitStatus
{
    /// <summary>The exit code that the official host reports for an operation that failed before it had one.</summary>
    public const int InternalError = 2;

    /// <summary>With which a shell and an engine's init end when the program is not there.</summary>
    public const int CommandNotFound = 127;

    /// <summary>The reason of a stop decides; without one exit code 0 is a success, unless something else is known to be wrong.</summary>
    public static string OfOperation(StopReason? stop, OpExit exit) =>
        stop?.Status ?? (exit.ExitCode is 0 or null && exit.Problem is null ? FlowStatus.Success : FlowStatus.Failed);

    /// <summary>The flow failed when an operation failed, whatever ended the job: its time, its poster or itself. So says the official host.</summary>
    public static string OfFlow(IEnumerable<OpState> ops) => ops.Any(op => op.Status == FlowStatus.Failed) ? FlowStatus.Failed : FlowStatus.Success;
}
