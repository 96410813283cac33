using Nosana.Ipfs;
using Nosana.Node.Chain;
using Nosana.Node.Retries;
using Nosana.Programs.Accounts;
using Nosana.Programs.Instructions;
using Nosana.Programs.Money;
using Nosana.Solana.Programs;
using Nosana.Solana.Rpc;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Market;

/// <summary>
/// Ends a run on chain, once. Each step asks the chain what is still owed: a run that exists is finished (or given back),
/// a job that its poster ended gets its result, everything else is over already.
/// </summary>
internal sealed partial class RunSettlement(NosanaChain chain, TransactionOutbox outbox, HostWallet wallet, TimeProvider time, ILogger<RunSettlement> logger)
{
    /// <summary>Refusals in a row after which another try is not what mends it: the poster may have ended the job between look and transaction, once.</summary>
    public const int RefusalsInARow = 3;

    private readonly JobsInstructions _jobs = new(chain.Programs);

    /// <summary><c>finish</c> or <c>complete</c> with the result, whichever the chain still takes.</summary>
    /// <exception cref="TransactionRefusedException">The chain takes neither.</exception>
    public Task FinishAsync(PublicKey run, PublicKey job, Cid result, CancellationToken cancel) => UntilDoneAsync(async () =>
    {
        RunAccount? runAccount = await chain.FindRunAsync(run, cancel);
        JobAccount? jobAccount = await chain.FindJobAsync(job, cancel);
        if (runAccount is not null && runAccount.Node == wallet.Address && jobAccount is not null)
        {
            List<TransactionInstruction> instructions = [];
            // The payer may have closed his token account in the meantime; finish needs one to refund to.
            if (jobAccount.Price > 0 && !await chain.ExistsAsync(chain.Programs.NosTokenAccount(jobAccount.Payer), cancel))
                instructions.Add(AssociatedTokenAccountProgram.CreateIdempotent(wallet.Address, jobAccount.Payer, chain.Programs.NosMint));
            instructions.Add(_jobs.Finish(job, jobAccount, run, runAccount, result.Digest));
            await outbox.SendAsync($"finish:{run}", instructions, [wallet.Account], cancel, evenUnjournaled: true);
            await ReportRewardAsync(job, cancel);
        }
        else if (jobAccount is { State: JobState.Done, HasResult: false } && jobAccount.Node == wallet.Address)
        {
            await outbox.SendAsync($"complete:{run}", [_jobs.Complete(job, wallet.Address, result.Digest)], [wallet.Account], cancel, evenUnjournaled: true);
            LogCompleted();
        }
        else
        {
            LogNothingOwed(runAccount is not null ? "its job account is gone" : "the run is closed");
        }
    }, cancel);

    /// <summary><c>quit</c>: the run is given back, nobody is paid, the poster can recover his deposit.</summary>
    /// <exception cref="TransactionRefusedException">The chain does not take it.</exception>
    public Task QuitAsync(PublicKey run, PublicKey job, CancellationToken cancel) => UntilDoneAsync(async () =>
    {
        if (await chain.FindRunAsync(run, cancel) is not { } account || account.Node != wallet.Address) return;
        await outbox.SendAsync($"quit:{run}", [_jobs.Quit(job, run, wallet.Address, account.Payer)], [wallet.Account], cancel, evenUnjournaled: true);
    }, cancel);

    private async Task ReportRewardAsync(PublicKey job, CancellationToken cancel)
    {
        if (await chain.FindJobAsync(job, cancel) is not { State: JobState.Done } done) return;
        ulong reward = JobPayment.Reimbursement(done.Price, done.TimeStart, done.TimeEnd, done.Timeout);
        LogPaid(Amount.FormatNos(reward), Math.Min(done.TimeEnd - done.TimeStart, done.Timeout), Amount.FormatNos(done.Price));
    }

    // A refusal may mean that the poster ended the job in between: the next look at the chain tells.
    private async Task UntilDoneAsync(Func<Task> attempt, CancellationToken cancel)
    {
        int refusals = 0;
        await RetryPipelines
            .Create(
                RetryPipelines.RunSettlement,
                time,
                e => e is TransactionExpiredException or RpcException or RpcUnavailableException
                    || (e is TransactionRefusedException && ++refusals < RefusalsInARow),
                (e, wait) => LogRetry(e.Message, wait))
            .ExecuteAsync(async _ => await attempt(), cancel);
    }

    [LoggerMessage(450, LogLevel.Information, "Paid {Reward} NOS for {Seconds} s at {Price} NOS/s")]
    private partial void LogPaid(string reward, long seconds, string price);

    [LoggerMessage(451, LogLevel.Information, "Result delivered to the job that its poster ended")]
    private partial void LogCompleted();

    [LoggerMessage(452, LogLevel.Information, "Nothing is owed on chain: {Why}")]
    private partial void LogNothingOwed(string why);

    [LoggerMessage(453, LogLevel.Warning, "The run is not settled yet, next try in {Delay}: {Problem}")]
    private partial void LogRetry(string problem, TimeSpan delay);
}
