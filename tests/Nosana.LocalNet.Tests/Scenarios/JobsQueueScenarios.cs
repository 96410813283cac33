using Nosana.LocalNet.Runtime;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Solana.Wallet;
using static Nosana.LocalNet.Tests.Scenarios.JobsScenario;

namespace Nosana.LocalNet.Tests.Scenarios;

/// <summary>Opening a market; nodes and jobs in its queue (rows J1 to J17).</summary>
public sealed class JobsQueueScenarios
{
    private readonly JobsScenario _s = new();

    private TestChain Chain => _s.Chain;

    [Fact]
    public void J1_Open_FreshKey_MarketAndVaultHaveTheTerms()
    {
        PublicKey market = Chain.NewKey();
        Chain.Send(_s.M, Chain.Jobs.Open(market, _s.M, _s.Terms));
        MarketAccount opened = Chain.Read<MarketAccount>(market);
        var vault = Chain.Addresses.MarketVault(market);
        Assert.Equal((_s.Terms with { Authority = _s.M, Vault = vault.Address, VaultBump = vault.Bump }).Encode(), opened.Encode());
        Assert.Equal(QueueType.Empty, opened.QueueType);
        Assert.Empty(opened.Queue);
        Assert.Equal(0UL, Chain.Tokens(vault.Address));
        Assert.Equal(72_049_920UL, Chain.Lamports(market));
    }

    [Fact]
    public void J2_Work_EmptyQueue_NodeWaitsWithoutRun()
    {
        PublicKey run = _s.Work(_s.N1);
        _s.AssertQueue(QueueType.Node, _s.N1);
        Assert.False(Chain.Exists(run));
    }

    [Fact]
    public void J3_Assign_NodeNotQueued_NotInMarketQueue()
    {
        _s.Work(_s.N1);
        Chain.Fails(JobsError.NotInMarketQueue, null, _s.M, Chain.Jobs.Assign(Chain.NewKey(), _s.Market, Chain.NewKey(), Chain.NewKey(), _s.M, Definition, JobTimeout));
        _s.AssertQueue(QueueType.Node, _s.N1);
    }

    [Fact]
    public void J4_Work_SecondNode_QueueHasTwo()
    {
        _s.Work(_s.N1);
        _s.Work(_s.M);
        _s.AssertQueue(QueueType.Node, _s.N1, _s.M);
    }

    [Fact]
    public void J5_Assign_TailOfTheQueue_TakesThatNodeOnly()
    {
        _s.Work(_s.N1);
        _s.Work(_s.M);
        PublicKey job = Chain.NewKey(), run = Chain.NewKey();
        _s.Moves(() => Chain.Send(_s.M, Chain.Jobs.Assign(job, _s.Market, run, _s.M, _s.M, Definition, JobTimeout)), vault: (long)Deposit, m: -(long)Deposit);
        _s.AssertQueue(QueueType.Node, _s.N1);
        Assert.Equal((job, _s.M, _s.M, Chain.Now), (_s.Run(run).Job, _s.Run(run).Node, _s.Run(run).Payer, _s.Run(run).Time));
    }

    [Fact]
    public void J6_Finish_AssignedJob_VaultIsEmptiedAndRunClosed()
    {
        _s.Work(_s.M);
        PublicKey job = Chain.NewKey(), run = Chain.NewKey();
        Chain.Send(_s.M, Chain.Jobs.Assign(job, _s.Market, run, _s.M, _s.M, Definition, JobTimeout));
        _s.Moves(() => _s.Finish(job, run), vault: -(long)Deposit, m: (long)Deposit);
        Assert.False(Chain.Exists(run));
    }

    [Fact]
    public void J7_Stop_OnlyNode_QueueIsEmpty()
    {
        _s.Work(_s.N1);
        Chain.Send(_s.N1, Chain.Jobs.Stop(_s.Market, _s.N1));
        _s.AssertQueue(QueueType.Empty);
    }

    [Fact]
    public void J8_List_NoNodes_JobIsQueuedAndPaid()
    {
        _s.Moves(() => _s.List(), vault: (long)Deposit, m: -(long)Deposit);
        Assert.Equal((QueueType.Job, 1), (_s.State.QueueType, _s.State.Queue.Count));
    }

    [Fact]
    public void J9_List_NoNodes_QueueHoldsTheJobsAddress()
    {
        (PublicKey job, _) = _s.List();
        _s.AssertQueue(QueueType.Job, job);
    }

    [Fact]
    public void J10_Delist_OtherAuthority_Unauthorized()
    {
        (PublicKey job, _) = _s.List();
        Chain.Fails(CommonError.Unauthorized, "job", _s.U2, Chain.Jobs.Delist(job, _s.Market, _s.U2, payer: _s.M));
    }

    [Fact]
    public void J11_Delist_QueueIsNoJobQueue_MarketInWrongState()
    {
        (PublicKey job, _) = _s.Running();
        _s.AssertQueue(QueueType.Empty);
        Chain.Fails(JobsError.MarketInWrongState, "market", _s.M, Chain.Jobs.Delist(job, _s.Market, _s.M, _s.M));
    }

    [Fact]
    public void J12_Delist_RunningJobWhileAnotherIsQueued_NotInMarketQueue()
    {
        (PublicKey running, _) = _s.Running();
        (PublicKey queued, _) = _s.List();
        Chain.Fails(JobsError.NotInMarketQueue, null, _s.M, Chain.Jobs.Delist(running, _s.Market, _s.M, _s.M));
        _s.AssertQueue(QueueType.Job, queued);
    }

    [Fact]
    public void J13_Delist_FinishedJob_JobInWrongState()
    {
        (PublicKey first, PublicKey run) = _s.Running();
        _s.List();
        _s.Finish(first, run);
        Chain.Fails(JobsError.JobInWrongState, "job", _s.M, Chain.Jobs.Delist(first, _s.Market, _s.M, _s.M));
    }

    [Fact]
    public void J14_Delist_QueuedJob_IsClosedAndRefunded()
    {
        (PublicKey job, _) = _s.List();
        ulong rent = Chain.Lamports(job), sol = Chain.Lamports(_s.M);
        _s.Moves(() => Chain.Send(_s.M, Chain.Jobs.Delist(job, _s.Market, _s.M, _s.M)), vault: -(long)Deposit, m: (long)Deposit);
        Assert.False(Chain.Exists(job));
        Assert.Equal(sol + rent - 5_000, Chain.Lamports(_s.M));
        _s.AssertQueue(QueueType.Empty);
    }

    [Fact]
    public void J15_End_QueuedJob_RunIsNotInitialized()
    {
        (PublicKey job, _) = _s.List();
        Chain.Fails(AnchorError.AccountNotInitialized, "run", _s.M, Chain.Jobs.End(job, _s.Market, Chain.NewKey(), _s.M, _s.Nos(_s.M), _s.Nos(_s.M), _s.M));
    }

    [Fact]
    public void J16_Work_QueuedJob_RunIsCreatedAndQueueEmptied()
    {
        (PublicKey job, _) = _s.List();
        PublicKey run = _s.Work(_s.M);
        _s.AssertQueue(QueueType.Empty);
        Assert.Equal(job, _s.Run(run).Job);
        Assert.Equal(Rent.MinimumBalance(RunAccount.AllocatedLength), Chain.Lamports(run));
    }

    [Fact]
    public void J17_Complete_RunningJob_JobInWrongState()
    {
        (PublicKey job, _) = _s.Running();
        Chain.Fails(JobsError.JobInWrongState, "job", _s.M, Chain.Jobs.Complete(job, _s.M, Result));
    }
}
