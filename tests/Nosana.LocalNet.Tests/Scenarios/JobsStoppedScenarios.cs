using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Solana.Wallet;
using static Nosana.LocalNet.Tests.Scenarios.JobsScenario;

namespace Nosana.LocalNet.Tests.Scenarios;

/// <summary>Cleaning, quitting, claiming, stopping, recovering (rows J37 to J59).</summary>
public sealed class JobsStoppedScenarios
{
    private readonly JobsScenario _s = new();

    private TestChain Chain => _s.Chain;

    [Fact]
    public void J37_Search_RunsOfANode_FindsTheRunningJob()
    {
        (PublicKey job, PublicKey run) = _s.Running();
        _s.List();
        _s.Work(_s.N1);
        Assert.Equal([run], Chain.Search(RunAccount.TypeFilter, RunAccount.NodeFilter(_s.M)));
        Assert.Equal(job, _s.Run(run).Job);
        Assert.True(_s.Job(job).Node.IsZero);
        Assert.NotEqual(JobState.Done, _s.Job(job).State);
    }

    [Fact]
    public void J38_Recover_RunningJob_JobInWrongState()
    {
        (PublicKey job, _) = _s.Running();
        Chain.Fails(JobsError.JobInWrongState, "job", _s.M, Chain.Jobs.Recover(job, _s.Market, _s.M, _s.M));
    }

    [Fact]
    public void J39_Clean_RunningJob_JobInWrongState()
    {
        (PublicKey job, _) = _s.Running();
        Chain.Fails(JobsError.JobInWrongState, "job", _s.M, Chain.Jobs.Clean(job, _s.Market, _s.M));
    }

    [Fact]
    public void J40_Claim_RunningJob_JobInWrongState()
    {
        (PublicKey job, _) = _s.Running();
        Chain.Fails(JobsError.JobInWrongState, "job", _s.N1, _s.ClaimCall(job, Chain.NewKey(), _s.N1));
    }

    [Fact]
    public void J41_Search_DoneJobs_FindsThemByState()
    {
        PublicKey[] done = [_s.Finished().Job, _s.Finished(_s.N1).Job, _s.Finished(_s.N2).Job, _s.Finished().Job];
        _s.Running();
        _s.List();
        Assert.Equal("3", JobAccount.StateFilter(JobState.Done).Base58);
        IReadOnlyList<PublicKey> found = Chain.Search(JobAccount.TypeFilter, JobAccount.StateFilter(JobState.Done));
        Assert.Equal(done.Order(), found.Order());
        Assert.Equal((_s.M, JobState.Done), (_s.Job(done[3]).Node, _s.Job(done[3]).State));
    }

    [Fact]
    public void J42_Clean_TooSoon_JobNotExpired()
    {
        (PublicKey job, _) = _s.Finished();
        Chain.Advance(Expiration - 1);
        Chain.Fails(JobsError.JobNotExpired, "job", _s.U2, Chain.Jobs.Clean(job, _s.Market, _s.M));
    }

    [Fact]
    public void J43_Clean_AfterExpiration_JobIsClosed()
    {
        (PublicKey job, _) = _s.Finished();
        Chain.Advance(Expiration + 1);
        ulong rent = Chain.Lamports(job), sol = Chain.Lamports(_s.M);
        Chain.Send(_s.U2, Chain.Jobs.Clean(job, _s.Market, _s.M));
        Assert.False(Chain.Exists(job));
        Assert.Equal(sol + rent, Chain.Lamports(_s.M));
    }

    [Fact]
    public void J44_ListThenWork_EmptyMarket_JobRuns()
    {
        PublicKey job = default;
        _s.Moves(() => (job, _) = _s.List(), vault: (long)Deposit, m: -(long)Deposit);
        PublicKey run = default;
        _s.Moves(() => run = _s.Work(_s.M));
        Assert.Equal(job, _s.Run(run).Job);
        _s.AssertQueue(QueueType.Empty);
    }

    [Fact]
    public void J45_Quit_AnotherNodesRun_Unauthorized()
    {
        (PublicKey job, PublicKey run) = _s.Running();
        Chain.Fails(CommonError.Unauthorized, "run", _s.N1, Chain.Jobs.Quit(job, run, _s.N1, payer: _s.M));
    }

    [Fact]
    public void J46_Quit_OwnRun_JobIsStoppedAndNothingPaid()
    {
        (PublicKey job, PublicKey run) = _s.Running();
        _s.Moves(() => Chain.Send(_s.M, Chain.Jobs.Quit(job, run, _s.M)));
        Assert.Equal(JobState.Stopped, _s.Job(job).State);
        Assert.False(Chain.Exists(run));
        Assert.Equal([job], Chain.Search(JobAccount.TypeFilter, JobAccount.StateFilter(JobState.Stopped)));
    }

    [Fact]
    public void J47_Claim_AnotherNodesMetadata_NodeKeyInvalidCollection()
    {
        PublicKey job = _s.Stopped();
        Chain.Fails(JobsError.NodeKeyInvalidCollection, "metadata", _s.N1,
            Chain.Jobs.Claim(job, Chain.NewKey(), _s.Market, _s.N1, nft: _s.Keys!.TokenAccountOf(_s.N1), metadata: _s.Keys.MetadataOf(_s.M)));
    }

    [Fact]
    public void J48_Claim_AnotherNodesStake_Unauthorized()
    {
        PublicKey job = _s.Stopped();
        Chain.Fails(CommonError.Unauthorized, "stake", _s.N1,
            Chain.Jobs.Claim(job, Chain.NewKey(), _s.Market, _s.N1, stake: Chain.Addresses.Stake(_s.M).Address, nft: _s.Keys!.TokenAccountOf(_s.N1), metadata: _s.Keys.MetadataOf(_s.N1)));
    }

    [Fact]
    public void J49_Claim_AnotherNodesKey_NodeNftWrongOwner()
    {
        PublicKey job = _s.Stopped();
        Chain.Fails(JobsError.NodeNftWrongOwner, "nft", _s.N1,
            Chain.Jobs.Claim(job, Chain.NewKey(), _s.Market, _s.N1, nft: _s.Keys!.TokenAccountOf(_s.M), metadata: _s.Keys.MetadataOf(_s.M)));
    }

    [Fact]
    public void J50_Claim_AnotherNode_HasARun()
    {
        PublicKey job = _s.Stopped();
        PublicKey run = _s.Claim(job, _s.N1);
        Assert.Equal((job, _s.N1, _s.N1, Chain.Now), (_s.Run(run).Job, _s.Run(run).Node, _s.Run(run).Payer, _s.Run(run).Time));
    }

    [Fact]
    public void J51_Search_ClaimedJob_RunIsFoundAndJobStaysStopped()
    {
        PublicKey job = _s.Stopped();
        PublicKey run = _s.Claim(job, _s.N1);
        Assert.Equal([run], Chain.Search(RunAccount.TypeFilter, RunAccount.NodeFilter(_s.N1)));
        Assert.Equal((JobState.Stopped, true), (_s.Job(job).State, _s.Job(job).Node.IsZero));
    }

    [Fact]
    public void J52_Quit_ClaimedJob_OnlyByItsNode()
    {
        PublicKey job = _s.Stopped();
        PublicKey run = _s.Claim(job, _s.N1);
        Chain.Fails(CommonError.Unauthorized, "run", _s.M, Chain.Jobs.Quit(job, run, _s.M, payer: _s.N1));
        Chain.Send(_s.N1, Chain.Jobs.Quit(job, run, _s.N1));
        Assert.Equal(JobState.Stopped, _s.Job(job).State);
    }

    [Fact]
    public void J53_Stop_EmptyQueue_MarketInWrongState()
    {
        Chain.Fails(JobsError.MarketInWrongState, "market", _s.M, Chain.Jobs.Stop(_s.Market, _s.M));
        _s.List();
        Chain.Fails(JobsError.MarketInWrongState, "market", _s.M, Chain.Jobs.Stop(_s.Market, _s.M));
    }

    [Fact]
    public void J54_Stop_NodeNotQueued_NotInMarketQueue()
    {
        _s.Work(_s.M);
        Chain.Fails(JobsError.NotInMarketQueue, null, _s.N1, Chain.Jobs.Stop(_s.Market, _s.N1));
    }

    [Fact]
    public void J55_Stop_QueuedNode_QueueIsEmpty()
    {
        _s.Work(_s.M);
        Chain.Send(_s.M, Chain.Jobs.Stop(_s.Market, _s.M));
        _s.AssertQueue(QueueType.Empty);
    }

    [Fact]
    public void J56_Stop_ByAnotherNode_Unauthorized()
    {
        _s.Work(_s.N1);
        Chain.Fails(CommonError.Unauthorized, "market", _s.N2, Chain.Jobs.Stop(_s.Market, _s.N1, _s.N2));
    }

    [Fact]
    public void J57_Stop_ByTheMarketsAuthority_NodeIsPutOut()
    {
        _s.Work(_s.N1);
        Chain.Send(_s.M, Chain.Jobs.Stop(_s.Market, _s.N1, _s.M));
        _s.AssertQueue(QueueType.Empty);
    }

    [Fact]
    public void J58_Recover_OtherProject_Unauthorized()
    {
        PublicKey job = _s.Stopped();
        Chain.Fails(CommonError.Unauthorized, "job", _s.N1, Chain.Jobs.Recover(job, _s.Market, _s.N1, payer: _s.M));
    }

    [Fact]
    public void J59_Recover_StoppedJob_DepositComesBack()
    {
        PublicKey job = _s.Stopped();
        _s.Moves(() => Chain.Send(_s.M, Chain.Jobs.Recover(job, _s.Market, _s.M, _s.M)), vault: -(long)Deposit, m: (long)Deposit);
        Assert.False(Chain.Exists(job));
    }
}
