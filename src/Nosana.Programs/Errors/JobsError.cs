namespace Nosana.Programs.Errors;

/// <summary>Errors of the jobs program (<c>NosanaJobsError</c>).</summary>
public enum JobsError
{
    InvalidMarketAccount = 6000,
    MarketInWrongState,
    NotInMarketQueue,
    InvalidJobAccount,
    JobInWrongState,
    JobNotExpired,
    JobResultNull,
    JobInvalidProject,
    JobTimeoutNotGreater,
    JobInvalidRunAccount,
    JobResultsAlreadySet,
    NodeQueueDoesNotMatch,
    NodeStakeUnauthorized,
    NodeNotEnoughStake,
    NodeAlreadyQueued,
    NodeNftWrongMetadata,
    NodeNftWrongOwner,
    NodeNftInvalidAmount,
    NodeKeyInvalidCollection,
}
