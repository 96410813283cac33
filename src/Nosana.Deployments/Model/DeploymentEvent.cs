namespace Nosana.Deployments.Model;

/// <summary>Something that the owner of a deployment is told.</summary>
/// <param name="Type">One of <see cref="EventTypes"/>.</param>
/// <param name="Message">For a person.</param>
/// <param name="Tx">Signature of the transaction that it is about, if any.</param>
/// <param name="Actor">Address of who did it; null when the manager did.</param>
/// <param name="Category">The network's two words are Deployment and Event.</param>
public sealed record DeploymentEvent(string Type, string Message, string? Tx = null, string? Actor = null, string Category = DeploymentEvent.OfDeployment)
{
    public const string OfDeployment = "Deployment", OfOther = "Event";
}

/// <summary>Words of events; those of the network where it has them.</summary>
public static class EventTypes
{
    public const string RapidThrottle = "RAPID_COMPLETION_THROTTLE", RapidFailSafe = "RAPID_COMPLETION_FAIL_SAFE", TickLeftOut = "SCHEDULE_TICK_SKIPPED",
        DeadlineMissed = "JOB_EXTEND_ERROR";

    public const string ListConfirmed = "JOB_LIST_CONFIRMED", ListError = "JOB_LIST_ERROR", ListWaiting = "JOB_RESERVE_WAITING",
        ExtendConfirmed = "JOB_EXTEND_SUCCESSFUL", StopConfirmed = "JOB_STOPPED_CONFIRMED", StopError = "JOB_STOP_ERROR";

    /// <summary>Of this manager alone.</summary>
    public const string Recovered = "JOB_RECOVER_CONFIRMED", RecoverError = "JOB_RECOVER_ERROR",
        FundsMissing = "INSUFFICIENT_FUNDS", FundsFound = "FUNDS_RESTORED", GivenUp = "DEPLOYMENT_GIVEN_UP";
}
