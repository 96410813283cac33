namespace Nosana.Programs.Errors;

/// <summary>Errors of the staking program (<c>NosanaStakingError</c>), also raised by rewards and jobs.</summary>
public enum StakingError
{
    AmountNotEnough = 6000,
    AlreadyInitialized,
    AlreadyClaimed,
    AlreadyStaked,
    AlreadyUnstaked,
    NotUnstaked,
    Locked,
    DurationTooShort,
    DurationTooLong,
    DoesNotExist,
    Decreased,
    HasReward,
    InvalidStakeAccount,
}
