using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Solana.Programs;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;
using static Nosana.LocalNet.Tests.Scenarios.JobsScenario;
using AccountState = Nosana.LocalNet.Runtime.AccountState;
using InstructionError = Nosana.LocalNet.Runtime.InstructionError;

namespace Nosana.LocalNet.Tests.Scenarios;

/// <summary>Full queues, free markets, accounts that vanish, calls in an old form (rows X15 to X25).</summary>
public sealed class JobsEdgeScenarios
{
    [Fact]
    public void X15_List_QueueOf314Jobs_DoesNotFit()
    {
        var s = new JobsScenario(openMarket: true);
        PublicKey[] queue = [.. Enumerable.Range(0, MarketAccount.QueueCapacity).Select(_ => s.Chain.NewKey())];
        FillQueue(s, queue[..^1]);
        s.List();
        Assert.Equal(MarketAccount.QueueCapacity, s.State.Queue.Count);
        s.Chain.Fails(AnchorError.AccountDidNotSerialize, "market", s.M, s.Chain.Jobs.List(s.Chain.NewKey(), s.Market, s.Chain.NewKey(), s.M, Definition, JobTimeout));
        s.Work(s.N1);
        s.List();
        Assert.Equal(MarketAccount.QueueCapacity, s.State.Queue.Count);
    }

    [Fact]
    public void X16_FreeMarket_AllOfAJobsLife_MovesNoTokensButNeedsTheAccounts()
    {
        var s = new JobsScenario(openMarket: true, price: 0);
        s.Moves(() =>
        {
            (PublicKey finished, _) = s.List(timeout: -7);
            s.Finish(finished, s.Work(s.N1));
            (PublicKey ended, _) = s.List();
            s.Chain.Send(s.M, s.EndCall(ended, s.Work(s.N1)));
            (PublicKey extended, _) = s.List();
            s.Chain.Send(s.M, s.Chain.Jobs.Extend(extended, s.Market, s.M, s.M, 100));
            s.Chain.Send(s.M, s.Chain.Jobs.Delist(extended, s.Market, s.M, s.M));
            s.Chain.Send(s.M, s.Chain.Jobs.Recover(s.Stopped(), s.Market, s.M, s.M));
        });
        PublicKey poor = s.Chain.NewWallet();
        s.Chain.Fails(AnchorError.AccountNotInitialized, "user", poor, s.Chain.Jobs.List(s.Chain.NewKey(), s.Market, s.Chain.NewKey(), poor, Definition, JobTimeout));

        // With a price, a negative timeout is a panic, and no error number.
        var priced = new JobsScenario(openMarket: true);
        priced.Chain.FailsWith(InstructionError.ProgramFailedToComplete, priced.M, priced.Chain.Jobs.List(priced.Chain.NewKey(), priced.Market, priced.Chain.NewKey(), priced.M, Definition, -1));
        priced.Moves(() => priced.List(timeout: 0));
    }

    [Fact]
    public void X17_Finish_PosterRunsHisOwnJob_DepositMayBeTheUserAccount()
    {
        var s = new JobsScenario(openMarket: true, price: 43);
        (PublicKey job, PublicKey run) = s.Running(node: s.M, timeout: 7200);
        TransactionInstruction finish = s.FinishCall(job, run);
        Assert.Equal(finish.Keys[4].PublicKey, finish.Keys[5].PublicKey);
        s.Chain.Advance(100);
        s.Moves(() => s.Chain.Send(s.M, finish), vault: -309_600, m: 309_600);
    }

    [Fact]
    public void X18_Delist_FreeJobWithVaultAsDeposit_IsADuplicateSinceAnchor1()
    {
        var now = new JobsScenario(openMarket: true, price: 0);
        (PublicKey job, _) = now.List();
        now.Chain.Fails(AnchorError.ConstraintDuplicateMutableAccount, "vault", now.M, now.Chain.Jobs.Delist(job, now.Market, now.M, now.M, deposit: now.Vault));

        var before = new JobsScenario(openMarket: true, price: 0, rejectDuplicates: false);
        (job, _) = before.List();
        before.Chain.Send(before.M, before.Chain.Jobs.Delist(job, before.Market, before.M, before.M, deposit: before.Vault));
        Assert.False(before.Chain.Exists(job));
    }

    [Fact]
    public void X19_End_JobPayerInPlaceOfRunPayer_InvalidPayer()
    {
        var s = new JobsScenario(openMarket: true);
        (PublicKey job, PublicKey run) = s.Running(node: s.N1);
        Assert.Equal(s.N1, s.Run(run).Payer);
        s.Chain.Fails(CommonError.InvalidPayer, "run", s.M, s.Chain.Jobs.End(job, s.Market, run, s.M, s.Nos(s.M), s.Nos(s.N1), payer: s.M));
        s.Chain.Send(s.M, s.EndCall(job, run));
    }

    [Fact]
    public void X20_Finish_PayerClosedItsTokenAccount_IsRecreatedInTheSameTransaction()
    {
        var s = new JobsScenario(openMarket: true);
        (PublicKey job, PublicKey run) = s.Running(node: s.N1, authority: s.U2);
        PublicKey account = s.Nos(s.U2);
        s.Chain.Send(s.U2, TokenProgram.Transfer(account, s.Nos(s.M), s.Chain.Nos(s.U2), s.U2), TokenProgram.CloseAccount(account, s.U2, s.U2));
        TransactionInstruction finish = s.FinishCall(job, run);
        s.Chain.Fails(AnchorError.AccountNotInitialized, "deposit", s.N1, finish);
        s.Chain.Advance(2);
        s.Chain.Send(s.N1, AssociatedTokenAccountProgram.CreateIdempotent(s.N1, s.U2, s.Chain.Addresses.NosMint), finish);
        Assert.Equal((3_000_000UL, Balance + 2_000_000), (s.Chain.Nos(s.U2), s.Chain.Nos(s.N1)));
    }

    [Fact]
    public void X21_MarketClosed_WhileAJobRuns_FinishEndAndRecoverFindNoMarket()
    {
        var s = new JobsScenario(openMarket: true);
        PublicKey stopped = s.Stopped();
        (PublicKey job, PublicKey run) = s.Running(node: s.N1);
        TransactionInstruction finish = s.FinishCall(job, run), end = s.EndCall(job, run);
        ulong before = s.Chain.Nos(s.M);
        s.Chain.Send(s.M, s.Chain.Jobs.Close(s.Market, s.Nos(s.M), s.M));
        Assert.Equal(before + 2 * Deposit, s.Chain.Nos(s.M));
        s.Chain.Fails(AnchorError.AccountNotInitialized, "market", s.N1, finish);
        s.Chain.Fails(AnchorError.AccountNotInitialized, "market", s.M, end);
        s.Chain.Fails(AnchorError.AccountNotInitialized, "market", s.M, s.Chain.Jobs.Recover(stopped, s.Market, s.M, s.M));
    }

    [Fact]
    public void X22_Extend_RunningJob_IsAllowed()
    {
        var s = new JobsScenario(openMarket: true);
        (PublicKey job, PublicKey run) = s.Running(node: s.N1);
        s.Moves(() => s.Chain.Send(s.M, s.Chain.Jobs.Extend(job, s.Market, s.M, s.M, Extended)), vault: 10_000_000, m: -10_000_000);
        Assert.Equal(Extended, s.Job(job).Timeout);
        s.Chain.Advance(12);
        s.Moves(() => s.Finish(job, run), vault: -15_000_000, n1: 12_000_000, m: 3_000_000);
    }

    [Fact]
    public void X23_QuitAdmin_RunningJob_IsStuckUntilCleanAdmin()
    {
        var s = new JobsScenario(openMarket: true);
        (PublicKey job, PublicKey run) = s.Running(node: s.N1);
        ulong rent = s.Chain.Lamports(run), sol = s.Chain.Lamports(s.N1);
        s.Moves(() => s.Chain.Send(s.M, s.Chain.Jobs.QuitAdmin(run, payer: s.N1, s.M)));
        Assert.Equal(sol + rent, s.Chain.Lamports(s.N1));
        Assert.Equal(JobState.Queued, s.Job(job).State);
        s.Chain.Fails(JobsError.MarketInWrongState, "market", s.M, s.Chain.Jobs.Delist(job, s.Market, s.M, s.M));
        s.Chain.Fails(JobsError.JobInWrongState, "job", s.M, s.Chain.Jobs.Recover(job, s.Market, s.M, s.M));
        s.Chain.Fails(JobsError.JobInWrongState, "job", s.N1, s.ClaimCall(job, s.Chain.NewKey(), s.N1));
        s.Chain.Fails(CommonError.Unauthorized, "authority", s.N1, s.Chain.Jobs.CleanAdmin(job, s.M, s.N1));
        s.Moves(() => s.Chain.Send(s.M, s.Chain.Jobs.CleanAdmin(job, s.M, s.M)));
        Assert.False(s.Chain.Exists(job));
        Assert.Equal(Deposit, s.Chain.Tokens(s.Vault));
    }

    [Fact]
    public void X24_Update_PriceWhileJobsWait_OnlyNewJobsHaveIt()
    {
        var s = new JobsScenario(openMarket: true);
        (PublicKey old, _) = s.List();
        s.Chain.Send(s.M, s.Chain.Jobs.Update(s.Market, s.M, s.Terms with { JobPrice = 7 }));
        (PublicKey recent, _) = s.List();
        Assert.Equal((Price, 7UL), (s.Job(old).Price, s.Job(recent).Price));
        s.AssertQueue(QueueType.Job, old, recent);
        s.Moves(() => s.Chain.Send(s.M, s.Chain.Jobs.Delist(old, s.Market, s.M, s.M)), vault: -(long)Deposit, m: (long)Deposit);
        s.Moves(() => s.Chain.Send(s.M, s.Chain.Jobs.Delist(recent, s.Market, s.M, s.M)), vault: -35, m: 35);
    }

    [Fact]
    public void X25_Finish_ElevenAccountsOfOldInterfaces_Fails()
    {
        var s = new JobsScenario(openMarket: true);
        (PublicKey job, PublicKey run) = s.Running(node: s.N1, authority: s.U2);
        TransactionInstruction finish = s.FinishCall(job, run);
        IReadOnlyList<AccountMeta> k = finish.Keys;
        // payer_job, payer_run, project where payer_run, payer_job stand today.
        AccountMeta[] old = [k[0], k[1], k[2], k[3], k[4], k[5], k[7], k[6], AccountMeta.Writable(s.U2, isSigner: false), k[8], k[9]];
        s.Chain.Fails(AnchorError.AccountNotSigner, "authority", s.N1, finish with { Keys = old });
        AccountMeta[] swapped = [k[0], k[1], k[2], k[3], k[4], k[5], k[7], k[6], k[8], k[9]];
        s.Chain.Fails(CommonError.InvalidPayer, "job", s.N1, finish with { Keys = swapped });
    }

    private static void FillQueue(JobsScenario s, PublicKey[] queue)
    {
        AccountState state = s.Chain.Bank.GetAccount(s.Market)!;
        byte[] data = state.Data.ToArray();
        (s.State with { QueueType = QueueType.Job, Queue = queue }).Encode().CopyTo(data, 0);
        s.Chain.Bank.SetAccount(s.Market, state with { Data = data });
    }
}
