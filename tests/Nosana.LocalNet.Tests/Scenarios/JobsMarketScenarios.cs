using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Solana.Wallet;
using static Nosana.LocalNet.Tests.Scenarios.JobsScenario;

namespace Nosana.LocalNet.Tests.Scenarios;

/// <summary>A payer who is not the project; updating and closing markets (rows J60 to J71).</summary>
public sealed class JobsMarketScenarios
{
    private readonly JobsScenario _s = new();

    private TestChain Chain => _s.Chain;

    private static MarketAccount NewTerms => new() { JobExpiration = Expiration, JobPrice = 100_000_000_000, JobTimeout = 10, JobType = JobType.Gpu, NodeXnosMinimum = 1_000_000_000_000 };

    [Fact]
    public void J60_List_OtherPayer_ThatOnePays()
    {
        _s.Moves(() => _s.List(authority: _s.M, payer: _s.U2), vault: (long)Deposit, u2: -(long)Deposit);
        Assert.Equal((QueueType.Job, 1), (_s.State.QueueType, _s.State.Queue.Count));
    }

    [Fact]
    public void J61_List_OtherPayer_JobNamesProjectAndPayer()
    {
        JobAccount job = _s.Job(_s.List(authority: _s.M, payer: _s.U2).Job);
        Assert.Equal((_s.M, _s.U2), (job.Project, job.Payer));
    }

    [Fact]
    public void J62_Delist_OtherPayer_OnlyTheProjectMayAndThePayerIsRefunded()
    {
        (PublicKey job, _) = _s.List(authority: _s.M, payer: _s.U2);
        Chain.Fails(CommonError.Unauthorized, "job", _s.U2, Chain.Jobs.Delist(job, _s.Market, _s.U2, payer: _s.U2));
        ulong rent = Chain.Lamports(job), sol = Chain.Lamports(_s.U2);
        _s.Moves(() => Chain.Send(_s.M, Chain.Jobs.Delist(job, _s.Market, _s.M, payer: _s.U2)), vault: -(long)Deposit, u2: (long)Deposit);
        Assert.Equal(sol + rent, Chain.Lamports(_s.U2));
    }

    [Fact]
    public void J63_Extend_OtherPayer_ChargesThePayer()
    {
        (PublicKey job, _) = _s.List(authority: _s.M, payer: _s.U2);
        Chain.Fails(CommonError.Unauthorized, "job", _s.M, Chain.Jobs.Extend(job, _s.Market, _s.M, payer: _s.M, Extended));
        _s.Moves(() => Chain.Send(_s.M, Chain.Jobs.Extend(job, _s.Market, _s.M, payer: _s.U2, Extended)), vault: 10_000_000, u2: -10_000_000);
    }

    [Fact]
    public void J64_Finish_ExtendedJobOfOtherPayer_NodeGetsAll()
    {
        (PublicKey job, _) = _s.List(authority: _s.M, payer: _s.U2);
        Chain.Send(_s.M, Chain.Jobs.Extend(job, _s.Market, _s.M, payer: _s.U2, Extended));
        PublicKey run = _s.Work(_s.M);
        Chain.Advance(Extended + 1);
        _s.Moves(() => _s.Finish(job, run), vault: -15_000_000, m: 15_000_000, u2: 0);
    }

    [Fact]
    public void J65_Update_Market_TermsAreStoredAndQueueKept()
    {
        (PublicKey job, _) = _s.List();
        MarketAccount before = _s.State;
        Chain.Fails(CommonError.Unauthorized, "market", _s.N1, Chain.Jobs.Update(_s.Market, _s.N1, NewTerms));
        Chain.Send(_s.M, Chain.Jobs.Update(_s.Market, _s.M, NewTerms));
        MarketAccount expected = NewTerms with { Authority = _s.M, Vault = before.Vault, VaultBump = before.VaultBump, QueueType = QueueType.Job, Queue = [job] };
        Assert.Equal(expected.Encode(), _s.State.Encode());
    }

    [Fact]
    public void J66_Search_AllRuns_FindsTheLastRunningJob()
    {
        _s.Finished(_s.N1);
        (PublicKey job, PublicKey run) = _s.Running();
        Assert.Equal([run], Chain.Search(RunAccount.TypeFilter));
        Assert.Equal((job, _s.M), (_s.Run(run).Job, _s.Run(run).Node));
    }

    [Fact]
    public void J67_Finish_AnotherNodesJob_Unauthorized()
    {
        (PublicKey job, PublicKey run) = _s.Running();
        Chain.Fails(CommonError.Unauthorized, "run", _s.N1, Chain.Jobs.Finish(job, _s.Market, run, _s.N1, Result, _s.Nos(_s.M), _s.Nos(_s.N1), _s.M, _s.M));
    }

    [Fact]
    public void J68_Finish_AfterPriceChange_PaysTheJobsOwnPrice()
    {
        (PublicKey job, PublicKey run) = _s.Running();
        Chain.Send(_s.M, Chain.Jobs.Extend(job, _s.Market, _s.M, _s.M, Extended));
        Chain.Send(_s.M, Chain.Jobs.Update(_s.Market, _s.M, NewTerms));
        Chain.Advance(Extended + 1);
        _s.Moves(() => _s.Finish(job, run), vault: -15_000_000, m: 15_000_000);
    }

    [Fact]
    public void J69_CloseAdmin_NotTheAdministrator_Unauthorized() =>
        Chain.Fails(CommonError.Unauthorized, "authority", _s.N1, Chain.Jobs.CloseAdmin(_s.Market, _s.Nos(_s.N1), _s.N1));

    [Fact]
    public void J70_Close_ByItsAuthority_MarketAndVaultAreGone()
    {
        Chain.Fails(CommonError.Unauthorized, "market", _s.N1, Chain.Jobs.Close(_s.Market, _s.Nos(_s.N1), _s.N1));
        ulong rents = Chain.Lamports(_s.Market) + Chain.Lamports(_s.Vault), sol = Chain.Lamports(_s.M);
        Chain.Send(_s.M, Chain.Jobs.Close(_s.Market, _s.Nos(_s.M), _s.M));
        Assert.False(Chain.Exists(_s.Market));
        Assert.False(Chain.Exists(_s.Vault));
        Assert.Equal(sol + rents - 5_000, Chain.Lamports(_s.M));
    }

    [Fact]
    public void J71_CloseAdmin_Administrator_ClosesAnyMarket()
    {
        PublicKey market = Chain.NewKey();
        Chain.Send(_s.N1, Chain.Jobs.Open(market, _s.N1, _s.Terms));
        Chain.Fails(CommonError.Unauthorized, "authority", _s.N1, Chain.Jobs.CloseAdmin(market, _s.Nos(_s.N1), _s.N1));
        Chain.Send(_s.M, Chain.Jobs.CloseAdmin(market, _s.Nos(_s.M), _s.M));
        Assert.False(Chain.Exists(market));
        Assert.False(Chain.Exists(_s.VaultOf(market)));
    }
}
