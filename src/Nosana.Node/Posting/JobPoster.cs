using Nosana.Ipfs;
using Nosana.Ipfs.Http;
using Nosana.Node.Chain;
using Nosana.Programs.Accounts;
using Nosana.Programs.Instructions;
using Nosana.Programs.Money;
using Nosana.Solana.Programs;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Posting;

/// <summary>What a poster does with his jobs. One method a word of the jobs program.</summary>
internal sealed class JobPoster(NosanaChain chain, TransactionOutbox outbox, Account poster)
{
    private readonly JobsInstructions _jobs = new(chain.Programs);

    /// <summary><c>list</c>: pays the deposit; a waiting host gets the job in the same transaction.</summary>
    /// <param name="timeout">Seconds.</param>
    public async Task<PublicKey> ListAsync(Cid definition, PublicKey market, long timeout, CancellationToken cancel)
    {
        MarketAccount account = await chain.FindMarketAsync(market, cancel) ?? throw new MarketGoneException(market);
        ulong deposit;
        try
        {
            deposit = JobPayment.Deposit(account.JobPrice, timeout);
        }
        catch (OverflowException)
        {
            throw new PosterException($"A timeout of {timeout} s at {Amount.FormatNos(account.JobPrice)} NOS/s is more than any wallet holds. Choose a timeout above 0 that you can pay.");
        }
        ulong balance = await chain.NosBalanceAsync(poster.PublicKey, cancel)
            ?? throw new PosterException($"Wallet {poster.PublicKey} has no NOS token account; send it NOS first. The job needs a deposit of {Amount.FormatNos(deposit)} NOS.");
        if (balance < deposit) throw new PosterException($"The job needs a deposit of {Amount.FormatNos(deposit)} NOS, wallet {poster.PublicKey} has {Amount.FormatNos(balance)}. Send it NOS, or choose a shorter timeout.");
        using var job = new Account();
        using var run = new Account();
        TransactionInstruction list = _jobs.List(job.PublicKey, market, run.PublicKey, poster.PublicKey, definition.Digest, timeout);
        await outbox.SendAsync($"list:{job.PublicKey}", [list], [poster, job, run], cancel);
        return job.PublicKey;
    }

    /// <summary><c>end</c>: stops a running job; the host is paid for the time so far, the rest comes back.</summary>
    public async Task EndAsync(PublicKey job, CancellationToken cancel)
    {
        JobAccount account = await RequireJobAsync(job, cancel);
        ObservedRun run = await chain.FindRunOfJobAsync(job, cancel)
            ?? throw new PosterException(account.State == JobState.Queued
                ? $"Job {job} is not running yet: it waits in the queue of its market. Take it back with 'job delist'."
                : $"Job {job} is not running: its state is {StateWord(account, running: false)}.");
        List<TransactionInstruction> instructions = [];
        if (account.Price > 0 && !await chain.ExistsAsync(chain.Programs.NosTokenAccount(account.Payer), cancel))
            instructions.Add(AssociatedTokenAccountProgram.CreateIdempotent(poster.PublicKey, account.Payer, chain.Programs.NosMint));
        instructions.Add(_jobs.End(job, account, run.Address, run.Run, poster.PublicKey));
        await outbox.SendAsync($"end:{run.Address}", instructions, [poster], cancel);
    }

    /// <summary><c>recover</c>: takes back the deposit of a job that its host gave back.</summary>
    /// <returns>Micro-NOS.</returns>
    public async Task<ulong> RecoverAsync(PublicKey job, CancellationToken cancel)
    {
        JobAccount account = await RequireJobAsync(job, cancel);
        if (account.State != JobState.Stopped)
            throw new PosterException($"Job {job} cannot be recovered: its state is {StateWord(account, await chain.FindRunOfJobAsync(job, cancel) is not null)}, only a STOPPED one has a deposit to take back. A queued job is taken back with 'job delist', a running one ended with 'job end'.");
        await outbox.SendAsync($"recover:{job}", [_jobs.Recover(job, account.Market, poster.PublicKey, account.Payer)], [poster], cancel);
        return JobPayment.Deposit(account.Price, account.Timeout);
    }

    /// <summary><c>delist</c>: takes a queued job back with its whole deposit.</summary>
    public async Task DelistAsync(PublicKey job, CancellationToken cancel)
    {
        JobAccount account = await RequireJobAsync(job, cancel);
        await outbox.SendAsync($"delist:{job}", [_jobs.Delist(job, account.Market, poster.PublicKey, account.Payer)], [poster], cancel);
    }

    /// <summary><c>extend</c>: pays for more seconds of a queued or running job.</summary>
    /// <param name="seconds">To add.</param>
    /// <returns>The new timeout in seconds.</returns>
    public async Task<long> ExtendAsync(PublicKey job, long seconds, CancellationToken cancel)
    {
        JobAccount account = await RequireJobAsync(job, cancel);
        if (seconds <= 0 || seconds > long.MaxValue - Math.Max(account.Timeout, 0)) throw new PosterException($"A job is extended by 1 second or more, not by {seconds}.");
        long timeout = account.Timeout + seconds;
        await outbox.SendAsync($"extend:{job}:{timeout}", [_jobs.Extend(job, account.Market, poster.PublicKey, account.Payer, timeout)], [poster], cancel);
        return timeout;
    }

    /// <summary>A job's state in the words of the network's clients.</summary>
    /// <param name="running">Whether a run account of it exists: the chain stores no word for that.</param>
    public static string StateWord(JobAccount account, bool running) => account.State switch
    {
        JobState.Queued => running ? "RUNNING" : "QUEUED",
        JobState.Done => "COMPLETED",
        JobState.Stopped => "STOPPED",
        var other => $"UNKNOWN ({(byte)other})",
    };

    private async Task<JobAccount> RequireJobAsync(PublicKey job, CancellationToken cancel) =>
        await chain.FindJobAsync(job, cancel) ?? throw new PosterException($"Job {job} does not exist on this network: check the address and --network, or it was closed already.");
}

/// <summary>A poster's request cannot be carried out; the message says why and what to do.</summary>
internal sealed class PosterException(string message) : Exception(message);
