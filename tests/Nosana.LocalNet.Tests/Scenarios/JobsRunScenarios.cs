using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Solana.Programs;
using Nosana.Solana.Wallet;
using static Nosana.LocalNet.Tests.Scenarios.JobsScenario;

namespace Nosana.LocalNet.Tests.Scenarios;

/// <summary>Ending, completing, extending, working, finishing (rows J18 to J36).</summary>
public sealed class JobsRunScenarios
{
    private readonly JobsScenario _s = new();

    private TestChain Chain => _s.Chain;

    [Fact]
    public void J18_End_OtherAuthority_Unauthorized()
    {
        (PublicKey job, PublicKey run) = _s.Running();
        Chain.Fails(CommonError.Unauthorized, "job", _s.U2, _s.EndCall(job, run, _s.U2));
    }

    [Fact]
    public void J19_End_RunningJob_IsDoneAndPaidOut()
    {
        (PublicKey job, PublicKey run) = _s.Running();
        _s.Moves(() => Chain.Send(_s.M, _s.EndCall(job, run)), vault: -(long)Deposit, m: (long)Deposit);
        Assert.Equal((JobState.Done, _s.M, false), (_s.Job(job).State, _s.Job(job).Node, _s.Job(job).HasResult));
        Assert.False(Chain.Exists(run));
    }

    [Fact]
    public void J20_Complete_NotTheNode_Unauthorized()
    {
        PublicKey job = Ended();
        Chain.Fails(CommonError.Unauthorized, "job", _s.U2, Chain.Jobs.Complete(job, _s.U2, Result));
    }

    [Fact]
    public void J21_Complete_EndedJob_HasItsResult()
    {
        PublicKey job = Ended();
        _s.Moves(() => Chain.Send(_s.M, Chain.Jobs.Complete(job, _s.M, Result)));
        Assert.Equal(Result, _s.Job(job).IpfsResult);
        Assert.Equal(JobState.Done, _s.Job(job).State);
    }

    [Fact]
    public void J22_Extend_QueuedJob_TopsUpTheDifference()
    {
        (PublicKey job, _) = _s.List();
        _s.Moves(() => Chain.Send(_s.M, Chain.Jobs.Extend(job, _s.Market, _s.M, _s.M, Extended)), vault: 10_000_000, m: -10_000_000);
        Assert.Equal(Extended, _s.Job(job).Timeout);
    }

    [Theory]
    [InlineData(-5)]
    [InlineData(JobTimeout)]
    public void J23_Extend_NotGreater_JobTimeoutNotGreater(long timeout)
    {
        (PublicKey job, _) = _s.List();
        Chain.Fails(JobsError.JobTimeoutNotGreater, null, _s.M, Chain.Jobs.Extend(job, _s.Market, _s.M, _s.M, timeout));
    }

    [Fact]
    public void J24_Work_RunAccount_NamesNodeAndJob()
    {
        (PublicKey job, PublicKey run) = _s.Running();
        RunAccount account = _s.Run(run);
        Assert.Equal((job, _s.M, _s.M, (byte)0, Chain.Now), (account.Job, account.Node, account.Payer, account.State, account.Time));
    }

    [Fact]
    public void J25_Work_JobAccount_IsUnchanged()
    {
        (PublicKey job, _) = _s.List();
        byte[] before = _s.Job(job).Encode();
        _s.Work(_s.M);
        JobAccount account = _s.Job(job);
        Assert.Equal(before, account.Encode());
        Assert.Equal((JobState.Queued, _s.M, true, _s.Market, Price, 0L), (account.State, account.Project, account.Node.IsZero, account.Market, account.Price, account.TimeEnd));
        Assert.Equal(Definition, account.IpfsJob);
    }

    [Fact]
    public void J26_Work_AccessKeyMovedAway_NodeNftInvalidAmount()
    {
        MoveKey(_s.M, _s.U2);
        Chain.Fails(JobsError.NodeNftInvalidAmount, "nft", _s.M, _s.WorkCall(_s.M, Chain.NewKey()));
    }

    [Fact]
    public void J27_Work_KeyBackAndNodeBusy_QueuesAllTheSame()
    {
        (_, PublicKey run) = _s.Running();
        MoveKey(_s.M, _s.U2);
        PublicKey mint = _s.Keys!.MintOf(_s.M);
        Chain.Send(_s.U2, TokenProgram.Transfer(AssociatedTokenAccount.Derive(_s.U2, mint), _s.Keys.TokenAccountOf(_s.M), 1, _s.U2));
        _s.Work(_s.M);
        _s.AssertQueue(QueueType.Node, _s.M);
        Assert.True(Chain.Exists(run));
    }

    [Fact]
    public void J28_Work_AlreadyQueued_NodeAlreadyQueued()
    {
        _s.Work(_s.M);
        Chain.Fails(JobsError.NodeAlreadyQueued, "market", _s.M, _s.WorkCall(_s.M, Chain.NewKey()));
    }

    [Fact]
    public void J29_Work_NodeQueue_HoldsTheWallet()
    {
        _s.Work(_s.M);
        Assert.Equal(_s.M, _s.State.Queue[0]);
    }

    [Fact]
    public void J30_List_NodeWaiting_RunsAtOnceAtTheListsRunKey()
    {
        _s.Work(_s.M);
        PublicKey run = default, job = default;
        _s.Moves(() => (job, run) = _s.List(), vault: (long)Deposit, m: -(long)Deposit);
        _s.AssertQueue(QueueType.Empty);
        Assert.Equal((job, _s.M), (_s.Run(run).Job, _s.Run(run).Node));
    }

    [Fact]
    public void J31_List_RunningJob_ShowsNoNodeAndNoTimes()
    {
        _s.Work(_s.M);
        JobAccount job = _s.Job(_s.List().Job);
        Assert.Equal((JobState.Queued, true, 0L, 0L), (job.State, job.Node.IsZero, job.TimeStart, job.TimeEnd));
    }

    [Fact]
    public void J32_Finish_OtherNode_Unauthorized()
    {
        (PublicKey job, PublicKey run) = _s.Running();
        Chain.Fails(CommonError.Unauthorized, "run", _s.U2, Chain.Jobs.Finish(job, _s.Market, run, _s.U2, Result, _s.Nos(_s.M), _s.Nos(_s.U2), _s.M, _s.M));
    }

    [Fact]
    public void J33_Finish_NullResult_JobResultNull()
    {
        (PublicKey job, PublicKey run) = _s.Running();
        Chain.Fails(JobsError.JobResultNull, null, _s.M, _s.FinishCall(job, run, new byte[32]));
    }

    [Fact]
    public void J34_Finish_AsTheNode_VaultPaysOut()
    {
        (PublicKey job, PublicKey run) = _s.Running();
        long start = Chain.Now;
        Chain.Advance(2);
        _s.Moves(() => _s.Finish(job, run), vault: -(long)Deposit, m: (long)Deposit);
        JobAccount account = _s.Job(job);
        Assert.Equal((JobState.Done, _s.M, start, start + 2), (account.State, account.Node, account.TimeStart, account.TimeEnd));
        Assert.Equal(Result, account.IpfsResult);
    }

    [Fact]
    public void J35_Finish_Twice_RunIsNotInitialized()
    {
        (PublicKey job, PublicKey run) = _s.Running();
        var again = _s.FinishCall(job, run);
        _s.Finish(job, run);
        Chain.Fails(AnchorError.AccountNotInitialized, "run", _s.M, again);
    }

    [Fact]
    public void J36_Complete_FinishedJob_JobResultsAlreadySet()
    {
        (PublicKey job, _) = _s.Finished();
        Chain.Fails(JobsError.JobResultsAlreadySet, "job", _s.M, Chain.Jobs.Complete(job, _s.M, Result));
    }

    private PublicKey Ended()
    {
        (PublicKey job, PublicKey run) = _s.Running();
        Chain.Send(_s.M, _s.EndCall(job, run));
        return job;
    }

    private void MoveKey(PublicKey from, PublicKey to)
    {
        PublicKey mint = _s.Keys!.MintOf(from);
        Chain.Send(
            from,
            AssociatedTokenAccountProgram.CreateIdempotent(from, to, mint),
            TokenProgram.Transfer(AssociatedTokenAccount.Derive(from, mint), AssociatedTokenAccount.Derive(to, mint), 1, from));
    }
}
