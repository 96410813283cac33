namespace Nosana.Programs.Errors;

/// <summary>Errors that all of Nosana's programs share (<c>NosanaError</c>).</summary>
public enum CommonError
{
    Unauthorized = 6000,
    InvalidOwner,
    LamportsNonNull,
    MissingSignature,
    InvalidAccount,
    InvalidTokenAccount,
    InvalidMint,
    InvalidVault,
    InvalidPayer,
    VaultEmpty,
    VaultNotEmpty,
    InvalidATA,
}

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

/// <summary>Errors of the nodes program (<c>NosanaNodesError</c>).</summary>
public enum NodesError
{
    ArchitectureUnknown = 6000,
    CountryCodeUnknown,
    CpuInvalid,
    GpuInvalid,
    MemoryInvalid,
    IopsInvalid,
    StorageInvalid,
}

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

/// <summary>Errors of the pools program (<c>NosanaPoolsError</c>).</summary>
public enum PoolsError
{
    NotStarted = 6000,
    Underfunded,
    NotCloseable,
    WrongClaimType,
    WrongBeneficiary,
}

/// <summary>Errors of Solana's system program.</summary>
public enum SystemError
{
    AccountAlreadyInUse = 0,
    ResultWithNegativeLamports = 1,
    InvalidProgramId = 2,
    InvalidAccountDataLength = 3,
    MaxSeedLengthExceeded = 4,
    AddressWithSeedMismatch = 5,
}

/// <summary>Errors of the SPL token program.</summary>
public enum TokenError
{
    NotRentExempt = 0,
    InsufficientFunds = 1,
    InvalidMint = 2,
    MintMismatch = 3,
    OwnerMismatch = 4,
    FixedSupply = 5,
    AlreadyInUse = 6,
    InvalidNumberOfProvidedSigners = 7,
    InvalidNumberOfRequiredSigners = 8,
    UninitializedState = 9,
    NativeNotSupported = 10,
    NonNativeHasBalance = 11,
    InvalidInstruction = 12,
    InvalidState = 13,
    Overflow = 14,
    AuthorityTypeNotSupported = 15,
    MintCannotFreeze = 16,
    AccountFrozen = 17,
    MintDecimalsMismatch = 18,
    NonNativeNotSupported = 19,
}
