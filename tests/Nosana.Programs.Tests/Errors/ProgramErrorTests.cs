using Nosana.Programs.Errors;

namespace Nosana.Programs.Tests.Errors;

public sealed class ProgramErrorTests
{
    [Theory]
    [InlineData("Program log: AnchorError caused by account: market. Error Code: MarketInWrongState. Error Number: 6001. Error Message: This market is not in the right state.", "MarketInWrongState", 6001, ErrorFamily.Jobs, "market")]
    [InlineData("Program log: AnchorError thrown in programs/nosana-jobs/src/state.rs:174. Error Code: NotInMarketQueue. Error Number: 6002. Error Message: Not queued..", "NotInMarketQueue", 6002, ErrorFamily.Jobs, null)]
    [InlineData("Program log: AnchorError occurred. Error Code: LamportsNonNull. Error Number: 6002. Error Message: This account has lamports..", "LamportsNonNull", 6002, ErrorFamily.Common, null)]
    [InlineData("Program log: AnchorError caused by account: stake. Error Code: InvalidStakeAccount. Error Number: 6012. Error Message: x", "InvalidStakeAccount", 6012, ErrorFamily.Staking, "stake")]
    [InlineData("Program log: AnchorError caused by account: nft. Error Code: AccountNotInitialized. Error Number: 3012. Error Message: The program expected this account to be already initialized.", "AccountNotInitialized", 3012, ErrorFamily.Anchor, "nft")]
    [InlineData("Program log: AnchorError caused by account: x. Error Code: SomethingNew. Error Number: 6099. Error Message: new", "SomethingNew", 6099, ErrorFamily.Unknown, "x")]
    [InlineData("Program TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA failed: custom program error: 0x1", "InsufficientFunds", 1, ErrorFamily.Token, null)]
    [InlineData("Program 11111111111111111111111111111111 failed: custom program error: 0x0", "AccountAlreadyInUse", 0, ErrorFamily.System, null)]
    [InlineData("Program nosJhNRqr2bc9g1nfGDcXXTXvYUmxD4cVwy2pMWhrYM failed: custom program error: 0x1772", "Custom", 6002, ErrorFamily.Unknown, null)]
    public void FromLogs_OneLine_GivesNameNumberFamilyAndAccount(string line, string name, int number, ErrorFamily family, string? account)
    {
        ProgramError error = Assert.IsType<ProgramError>(ProgramError.FromLogs(["Program log: Instruction: Work", line]));
        Assert.Equal((name, number, family, account), (error.Name, error.Number, error.Family, error.Account));
    }

    [Fact]
    public void FromLogs_TokenFailureInsideJobs_NamesTheTokenProgram()
    {
        ProgramError? error = ProgramError.FromLogs(
        [
            "Program nosJhNRqr2bc9g1nfGDcXXTXvYUmxD4cVwy2pMWhrYM invoke [1]",
            "Program TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA invoke [2]",
            "Program log: Error: insufficient funds",
            "Program TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA failed: custom program error: 0x1",
            "Program nosJhNRqr2bc9g1nfGDcXXTXvYUmxD4cVwy2pMWhrYM failed: custom program error: 0x1",
        ]);
        Assert.True(error!.Is(TokenError.InsufficientFunds));
        Assert.False(error.Is(SystemError.ResultWithNegativeLamports));
        Assert.Equal("InsufficientFunds (1): too few tokens in the account", error.ToString());
    }

    [Fact]
    public void Is_CollidingNumbers_AreToldApartByName()
    {
        ProgramError error = ProgramError.FromLogs(["Program log: AnchorError caused by account: run. Error Code: LamportsNonNull. Error Number: 6002. Error Message: x."])!;
        Assert.True(error.Is(CommonError.LamportsNonNull));
        Assert.False(error.Is(JobsError.NotInMarketQueue));
        Assert.False(error.Is(StakingError.AlreadyClaimed));
        Assert.Equal((int)JobsError.NotInMarketQueue, error.Number);
        Assert.StartsWith("LamportsNonNull (6002) on account 'run'", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void FromLogs_NoError_IsNull()
    {
        Assert.Null(ProgramError.FromLogs(null));
        Assert.Null(ProgramError.FromLogs(["Program log: Instruction: Work", "Program x success"]));
    }

    [Fact]
    public void Numbers_OfTheLists_MatchTheSpecification()
    {
        Assert.Equal((6000, 6011), ((int)CommonError.Unauthorized, (int)CommonError.InvalidATA));
        Assert.Equal((6000, 6018), ((int)JobsError.InvalidMarketAccount, (int)JobsError.NodeKeyInvalidCollection));
        Assert.Equal((6006, 6008, 6010, 6013, 6014), ((int)JobsError.JobResultNull, (int)JobsError.JobTimeoutNotGreater, (int)JobsError.JobResultsAlreadySet, (int)JobsError.NodeNotEnoughStake, (int)JobsError.NodeAlreadyQueued));
        Assert.Equal((6000, 6012), ((int)StakingError.AmountNotEnough, (int)StakingError.InvalidStakeAccount));
        Assert.Equal((6006, 6007, 6008, 6011), ((int)StakingError.Locked, (int)StakingError.DurationTooShort, (int)StakingError.DurationTooLong, (int)StakingError.HasReward));
        Assert.Equal((6000, 6006), ((int)NodesError.ArchitectureUnknown, (int)NodesError.StorageInvalid));
        Assert.Equal((6000, 6004), ((int)PoolsError.NotStarted, (int)PoolsError.WrongBeneficiary));
    }
}
