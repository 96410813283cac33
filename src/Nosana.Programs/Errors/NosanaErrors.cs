namespace Nosana.Programs.Errors;

/// <summary>Names and numbers of every error that Nosana's programs can raise.</summary>
public static class NosanaErrors
{
    private static readonly Dictionary<(string Name, int Number), ErrorFamily> s_families = Families();

    /// <summary>The list that has this name under this number.</summary>
    public static ErrorFamily FamilyOf(string name, int number) => s_families.GetValueOrDefault((name, number), ErrorFamily.Unknown);

    /// <summary>What a person can be told about an error, or null when its name says enough.</summary>
    public static string? Explain(ErrorFamily family, string name) => (family, name) switch
    {
        (ErrorFamily.Common, nameof(CommonError.Unauthorized)) => "the signer has no right to do this",
        (ErrorFamily.Common, nameof(CommonError.LamportsNonNull)) => "the key must be fresh, but the account already holds lamports",
        (ErrorFamily.Common, nameof(CommonError.InvalidATA)) => "not the associated NOS token account that the program expects",
        (ErrorFamily.Common, nameof(CommonError.InvalidPayer)) => "not the account that paid; read it from the job or the run account",
        (ErrorFamily.Jobs, nameof(JobsError.MarketInWrongState)) => "the market's queue holds something else, or nothing",
        (ErrorFamily.Jobs, nameof(JobsError.NotInMarketQueue)) => "not in the market's queue",
        (ErrorFamily.Jobs, nameof(JobsError.JobInWrongState)) => "the job's state does not allow this",
        (ErrorFamily.Jobs, nameof(JobsError.JobNotExpired)) => "the job is not old enough to be cleaned",
        (ErrorFamily.Jobs, nameof(JobsError.JobResultNull)) => "a result of zero bytes only is not a result",
        (ErrorFamily.Jobs, nameof(JobsError.JobTimeoutNotGreater)) => "the new timeout must be greater than the present one",
        (ErrorFamily.Jobs, nameof(JobsError.JobResultsAlreadySet)) => "the job has its result already",
        (ErrorFamily.Jobs, nameof(JobsError.NodeNotEnoughStake)) => "the node's xNOS are below the market's minimum: stake more or longer",
        (ErrorFamily.Jobs, nameof(JobsError.NodeAlreadyQueued)) => "the node already waits in this market's queue",
        (ErrorFamily.Jobs, nameof(JobsError.NodeNftWrongOwner)) => "the access key's token account belongs to another wallet",
        (ErrorFamily.Jobs, nameof(JobsError.NodeNftInvalidAmount)) => "the access key's token account is empty",
        (ErrorFamily.Jobs, nameof(JobsError.NodeKeyInvalidCollection)) => "the token is not an access key of this market: another or an unverified collection",
        (ErrorFamily.Staking, nameof(StakingError.InvalidStakeAccount)) => "not the stake account of this wallet",
        (ErrorFamily.Staking, nameof(StakingError.HasReward)) => "close the rewards account first",
        (ErrorFamily.Anchor, nameof(AnchorError.AccountNotInitialized)) => "the account does not exist",
        (ErrorFamily.Token, nameof(TokenError.InsufficientFunds)) => "too few tokens in the account",
        (ErrorFamily.System, nameof(SystemError.AccountAlreadyInUse)) => "the account exists already",
        (ErrorFamily.System, nameof(SystemError.ResultWithNegativeLamports)) => "too little SOL",
        _ => null,
    };

    private static Dictionary<(string, int), ErrorFamily> Families()
    {
        var families = new Dictionary<(string, int), ErrorFamily>();
        Add<CommonError>(ErrorFamily.Common);
        Add<JobsError>(ErrorFamily.Jobs);
        Add<StakingError>(ErrorFamily.Staking);
        Add<NodesError>(ErrorFamily.Nodes);
        Add<PoolsError>(ErrorFamily.Pools);
        Add<AnchorError>(ErrorFamily.Anchor);
        return families;

        void Add<T>(ErrorFamily family) where T : struct, Enum
        {
            foreach (T value in Enum.GetValues<T>()) families.Add((value.ToString(), Convert.ToInt32(value, null)), family);
        }
    }
}
