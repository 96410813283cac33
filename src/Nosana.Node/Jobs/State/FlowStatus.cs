namespace Nosana.Node.Jobs.State;

/// <summary>Status words of a flow and of an operation, as the network's clients read them.</summary>
internal static class FlowStatus
{
    public const string Init = "init";
    public const string Running = "running";
    public const string Success = "success";
    public const string Failed = "failed";

    /// <summary>An operation that was stopped. A flow is that only when it was stopped before anything of it was known.</summary>
    public const string Stopped = "stopped";

    /// <summary>Flow only: the definition is not valid.</summary>
    public const string ValidationError = "validation-error";

    /// <summary>Flow only: a confidential job's definition did not come.</summary>
    public const string LogisticsError = "logistics-error";

    /// <summary>Flow only: a confidential job waits for its definition.</summary>
    public const string WaitingForJobDefinition = "waiting-for-job-definition";

    /// <summary>Flow only: a confidential job waits for its result to be fetched.</summary>
    public const string WaitingForResult = "waiting-for-result";
}
