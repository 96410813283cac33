using Nosana.LocalNet.Runtime;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;
using static Nosana.LocalNet.Tests.Scenarios.JobsScenario;
using InstructionError = Nosana.LocalNet.Runtime.InstructionError;

namespace Nosana.LocalNet.Tests.Scenarios;

/// <summary>Cases that follow from the programs' source and that no suite of theirs covers (rows X1 to X14).</summary>
public sealed class JobsDerivedScenarios
{
    [Theory]
    [InlineData(100, 4_300, 305_300)]
    public void X1_Finish_InTime_NodeAndPayerShareTheDeposit(long seconds, long node, long payer) => AssertSplit(seconds, node, payer);

    [Theory]
    [InlineData(8_000, 309_600, 0)]
    public void X2_Finish_Late_NodeGetsTheDepositAndNoMore(long seconds, long node, long payer) => AssertSplit(seconds, node, payer);

    [Fact]
    public void X3_EndThenComplete_AfterAMinute_PaysOnce()
    {
        var s = new JobsScenario(openMarket: true, price: 43);
        (PublicKey job, PublicKey run) = s.Running(node: s.N1, authority: s.U2, timeout: 7200);
        s.Chain.Advance(60);
        s.Moves(() => s.Chain.Send(s.U2, s.EndCall(job, run, s.U2)), vault: -309_600, n1: 2_580, u2: 307_020);
        s.Moves(() => s.Chain.Send(s.N1, s.Chain.Jobs.Complete(job, s.N1, Result)));
        Assert.Equal(Result, s.Job(job).IpfsResult);
    }

    [Fact]
    public void X4_List_TwoNodesWaiting_TheFirstRuns()
    {
        var s = new JobsScenario(openMarket: true);
        s.Work(s.N1);
        s.Work(s.N2);
        (_, PublicKey run) = s.List();
        Assert.Equal(s.N1, s.Run(run).Node);
        Assert.Equal(s.M, s.Run(run).Payer);
        s.AssertQueue(QueueType.Node, s.N2);
    }

    [Fact]
    public void X5_Work_ThreeJobs_AreTakenInOrder()
    {
        var s = new JobsScenario(openMarket: true);
        PublicKey[] jobs = [s.List().Job, s.List().Job, s.List().Job];
        s.AssertQueue(QueueType.Job, jobs);
        PublicKey first = s.Work(s.N1), second = s.Work(s.N1);
        s.Finish(jobs[0], first);
        PublicKey third = s.Work(s.N1);
        Assert.Equal(jobs[1..], new[] { second, third }.Select(run => s.Run(run).Job));
        s.AssertQueue(QueueType.Empty);
    }

    [Fact]
    public void X6_Work_UsedRunKey_LamportsNonNull()
    {
        var s = new JobsScenario(openMarket: true);
        PublicKey run = s.Chain.NewKey();
        s.Chain.Fund(run, 1);
        s.Chain.Fails(CommonError.LamportsNonNull, "run", s.N1, s.WorkCall(s.N1, run));
        TransactionInstruction unsigned = Change(s.WorkCall(s.N1, s.Chain.NewKey()), 0, meta => meta with { IsSigner = false });
        s.Chain.Fails(CommonError.MissingSignature, "run", s.N1, unsigned);
    }

    [Fact]
    public void X7_Work_NoTokenAccountOrNoStake_NotInitialized()
    {
        var s = new JobsScenario(openMarket: true);
        PublicKey noTokens = s.Chain.NewWallet(stake: XnosMinimum), noStake = s.Chain.NewWallet(nos: 0);
        s.Chain.Fails(AnchorError.AccountNotInitialized, "nft", noTokens, s.WorkCall(noTokens, s.Chain.NewKey()));
        s.Chain.Fails(AnchorError.AccountNotInitialized, "stake", noStake, s.WorkCall(noStake, s.Chain.NewKey()));
    }

    [Fact]
    public void X8_Work_XnosBelowMinimum_NodeNotEnoughStake()
    {
        var s = new JobsScenario(openMarket: true);
        UInt128 xnos = s.Chain.Read<StakeAccount>(s.Chain.Addresses.Stake(s.N1).Address).Xnos;
        PublicKey exact = s.Open(s.Terms with { NodeXnosMinimum = xnos }), more = s.Open(s.Terms with { NodeXnosMinimum = xnos + 1 });
        s.Chain.Fails(JobsError.NodeNotEnoughStake, "stake", s.N1, s.WorkCall(s.N1, s.Chain.NewKey(), more));
        s.Work(s.N1, exact);
        Assert.Equal([s.N1], s.Chain.Read<MarketAccount>(exact).Queue);
    }

    [Fact]
    public void X9_Work_QueuedAndTokenAccountMissing_TypeCheckComesFirst()
    {
        var s = new JobsScenario(openMarket: true);
        s.Work(s.N1);
        s.Chain.Fails(JobsError.NodeAlreadyQueued, "market", s.N1, s.WorkCall(s.N1, s.Chain.NewKey()));
        s.Chain.Bank.SetAccount(s.Nos(s.N1), AccountState.Empty);
        s.Chain.Fails(AnchorError.AccountNotInitialized, "nft", s.N1, s.WorkCall(s.N1, s.Chain.NewKey()));
    }

    [Fact]
    public void X10_Finish_TwoClaimsOfOneJob_BothArePaid()
    {
        var s = new JobsScenario(openMarket: true);
        PublicKey job = s.Stopped();
        PublicKey first = s.Claim(job, s.N1), second = s.Claim(job, s.N2);
        s.Chain.Advance(JobTimeout);
        s.Moves(() => s.Finish(job, first), vault: -(long)Deposit, n1: (long)Deposit);
        s.Chain.FailsWith(InstructionError.Custom((uint)TokenError.InsufficientFunds), s.N2, s.FinishCall(job, second));
        s.List();
        ulong before = s.Chain.Nos(s.N2);
        s.Moves(() => s.Finish(job, second), vault: -(long)Deposit);
        Assert.Equal(before + Deposit, s.Chain.Nos(s.N2));
        Assert.Equal(0UL, s.Chain.Tokens(s.Vault));
    }

    [Fact]
    public void X11_Finish_JobRecoveredAfterClaim_OnlyTheAdministratorClosesTheRun()
    {
        var s = new JobsScenario(openMarket: true);
        PublicKey job = s.Stopped();
        PublicKey run = s.Claim(job, s.N1);
        TransactionInstruction finish = s.FinishCall(job, run), end = s.EndCall(job, run);
        s.Chain.Send(s.M, s.Chain.Jobs.Recover(job, s.Market, s.M, s.M));
        s.Chain.Fails(AnchorError.AccountNotInitialized, "job", s.N1, finish);
        s.Chain.Fails(AnchorError.AccountNotInitialized, "job", s.N1, s.Chain.Jobs.Quit(job, run, s.N1));
        s.Chain.Fails(AnchorError.AccountNotInitialized, "job", s.M, end);
        s.Chain.Fails(CommonError.Unauthorized, "authority", s.N1, s.Chain.Jobs.QuitAdmin(run, s.N1, s.N1));
        s.Chain.Send(s.M, s.Chain.Jobs.QuitAdmin(run, s.N1, s.M));
        Assert.False(s.Chain.Exists(run));
    }

    [Fact]
    public void X12_Clean_AnotherMarketsExpiration_IsAccepted()
    {
        var s = new JobsScenario(openMarket: true, expiration: 86_400);
        PublicKey hasty = s.Open(s.Terms with { JobExpiration = 0 });
        (PublicKey job, _) = s.Finished(s.N1);
        s.Chain.Advance(1);
        s.Chain.Fails(JobsError.JobNotExpired, "job", s.U2, s.Chain.Jobs.Clean(job, s.Market, s.M));
        s.Chain.Send(s.U2, s.Chain.Jobs.Clean(job, hasty, s.M));
        Assert.False(s.Chain.Exists(job));
    }

    [Fact]
    public void X13_Clean_ExactlyAtExpiration_JobNotExpired()
    {
        var s = new JobsScenario(openMarket: true);
        (PublicKey job, _) = s.Finished(s.N1);
        s.Chain.Advance(Expiration);
        s.Chain.Fails(JobsError.JobNotExpired, "job", s.U2, s.Chain.Jobs.Clean(job, s.Market, s.M));
    }

    [Fact]
    public void X14_List_UnknownJobType_IsPaidAndQueuedNowhere()
    {
        var s = new JobsScenario(openMarket: true, type: (JobType)77);
        Assert.Equal(JobType.Unknown, s.State.JobType);
        PublicKey job = default;
        s.Moves(() => (job, _) = s.List(), vault: (long)Deposit, m: -(long)Deposit);
        s.AssertQueue(QueueType.Empty);
        Assert.Equal(JobState.Queued, s.Job(job).State);
        s.Chain.Fails(JobsError.MarketInWrongState, "market", s.M, s.Chain.Jobs.Delist(job, s.Market, s.M, s.M));
        s.Work(s.N1);
        s.AssertQueue(QueueType.Empty);
    }

    internal static TransactionInstruction Change(TransactionInstruction instruction, int index, Func<AccountMeta, AccountMeta> change) =>
        instruction with { Keys = [.. instruction.Keys.Select((meta, i) => i == index ? change(meta) : meta)] };

    private static void AssertSplit(long seconds, long node, long payer)
    {
        var s = new JobsScenario(openMarket: true, price: 43);
        (PublicKey job, PublicKey run) = s.Running(node: s.N1, authority: s.U2, timeout: 7200);
        s.Chain.Advance(seconds);
        s.Moves(() => s.Finish(job, run), vault: -309_600, n1: node, u2: payer);
    }
}
