using Nosana.Ipfs;
using Nosana.Node.Chain;
using Nosana.Programs.Accounts;
using Nosana.Programs.Instructions;
using Nosana.Programs.Money;
using Nosana.Solana.Programs;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Posting;

/// <summary>
/// What a poster does with his jobs. One method a word of the jobs program; each says the job's state, and what can be done in it, where
/// the word does not fit.
/// </summary>
internal sealed class JobPoster(NosanaChain chain, TransactionOutbox outbox, Account poster)
{
    /// <summary>Seconds that a job may run when nobody says; less where the market allows less.</summary>
    public const long DefaultTimeout = 3600;

    private readonly JobsInstructions _jobs = new(chain.Programs);
    private readonly JobSearch _search = new(chain);

    public PublicKey Address => poster.PublicKey;

    /// <summary>What a job costs on a market, when the market takes it and the poster can pay it.</summary>
    /// <param name="timeout">Seconds; null for <see cref="DefaultTimeout"/>.</param>
    /// <exception cref="PosterInputException">The timeout is not one, or more than the market's longest.</exception>
    /// <exception cref="PosterException">The poster cannot pay.</exception>
    /// <exception cref="MarketGoneException">There is no such market.</exception>
    public async Task<ListingTerms> TermsAsync(PublicKey market, long? timeout, CancellationToken cancel)
    {
        CheckTimeout(timeout);
        MarketAccount account = await chain.FindMarketAsync(market, cancel) ?? throw new MarketGoneException(market);
        long? longest = account.JobTimeout > 0 ? account.JobTimeout : null;
        if (timeout > longest)
        {
            throw new PosterInputException(
                $"A timeout of {timeout} s is more than the {longest} s that a job may run on market {market}. "
                + $"Choose at most {longest}; 'job extend' buys more while it runs.");
        }
        long seconds = timeout ?? Math.Min(DefaultTimeout, longest ?? DefaultTimeout);
        ulong deposit = await PayableAsync(account.JobPrice, seconds, cancel);
        return new ListingTerms(market, seconds, deposit);
    }

    /// <exception cref="PosterInputException">No job runs so long on any market.</exception>
    public static void CheckTimeout(long? timeout)
    {
        if (timeout < 1) throw new PosterInputException($"A job runs 1 second or more, not {timeout}. Choose a timeout of at least 1.");
    }

    /// <summary>Lists a job on a market: <see cref="TermsAsync"/>, then <see cref="ListAsync(Account, Cid, ListingTerms, CancellationToken)"/>.</summary>
    /// <returns>The job's address.</returns>
    public async Task<PublicKey> ListAsync(Cid definition, PublicKey market, long timeout, CancellationToken cancel)
    {
        using var job = new Account();
        await ListAsync(job, definition, await TermsAsync(market, timeout, cancel), cancel);
        return job.PublicKey;
    }

    /// <summary><c>list</c>: pays the deposit; a waiting host gets the job in the same transaction.</summary>
    /// <param name="job">The key of the new job's account: it signs once, and is of no use afterwards.</param>
    public async Task ListAsync(Account job, Cid definition, ListingTerms terms, CancellationToken cancel)
    {
        using var run = new Account();
        TransactionInstruction list = _jobs.List(job.PublicKey, terms.Market, run.PublicKey, poster.PublicKey, definition.Digest, terms.Timeout);
        await outbox.SendAsync(ListIntent(job.PublicKey), [list], [poster, job, run], cancel);
    }

    /// <summary>What <see cref="TransactionOutbox"/> knows the listing of a job by.</summary>
    public static string ListIntent(PublicKey job) => $"list:{job}";

    /// <summary><c>end</c>: stops a running job; the host is paid for the time so far, the rest comes back.</summary>
    public async Task EndAsync(PublicKey job, CancellationToken cancel)
    {
        FoundJob found = await OwnAsync(job, cancel);
        if (found.Run is not { } run) throw WrongState(found, "ended", "it is not running");
        List<TransactionInstruction> instructions = [];
        if (found.Job.Price > 0 && !await chain.ExistsAsync(chain.Programs.NosTokenAccount(found.Job.Payer), cancel))
            instructions.Add(AssociatedTokenAccountProgram.CreateIdempotent(poster.PublicKey, found.Job.Payer, chain.Programs.NosMint));
        instructions.Add(_jobs.End(job, found.Job, run.Address, run.Run, poster.PublicKey));
        await outbox.SendAsync($"end:{run.Address}", instructions, [poster], cancel);
    }

    /// <summary><c>recover</c>: takes back the deposit of a job that its host gave back.</summary>
    /// <returns>Micro-NOS.</returns>
    public async Task<ulong> RecoverAsync(PublicKey job, CancellationToken cancel)
    {
        FoundJob found = await OwnAsync(job, cancel);
        if (found.Job.State != JobState.Stopped) throw WrongState(found, "recovered", $"only a {JobStates.Stopped} one has a deposit to take back");
        await outbox.SendAsync($"recover:{job}", [_jobs.Recover(job, found.Job.Market, poster.PublicKey, found.Job.Payer)], [poster], cancel);
        return JobPayment.Deposit(found.Job.Price, found.Job.Timeout);
    }

    /// <summary><c>delist</c>: takes a queued job back with its whole deposit.</summary>
    public async Task DelistAsync(PublicKey job, CancellationToken cancel)
    {
        FoundJob found = await OwnAsync(job, cancel);
        if (found.State != JobStates.Queued) throw WrongState(found, "delisted", $"only a {JobStates.Queued} one stands in its market's queue");
        await outbox.SendAsync($"delist:{job}", [_jobs.Delist(job, found.Job.Market, poster.PublicKey, found.Job.Payer)], [poster], cancel);
    }

    /// <summary>
    /// <c>extend</c>: pays for more seconds of a queued or running job. What was sent for the same job and seconds before, and not heard of since,
    /// is settled first, so that it is not paid twice.
    /// </summary>
    /// <param name="seconds">To add.</param>
    /// <returns>The job's timeout after it, in seconds, and whether an earlier try had paid for it, so that nothing was sent now.</returns>
    public async Task<(long Timeout, bool ByEarlierTry)> ExtendAsync(PublicKey job, long seconds, CancellationToken cancel)
    {
        if (seconds < 1) throw new PosterInputException($"A job is extended by 1 second or more, not by {seconds}.");
        string intent = $"extend:{job}:{seconds}";
        bool paid = await outbox.SettleAsync(intent, cancel);
        FoundJob found = await OwnAsync(job, cancel);
        if (paid) return (found.Job.Timeout, true);
        if (found.State is not (JobStates.Queued or JobStates.Running))
            throw WrongState(found, "extended", $"only a {JobStates.Queued} or {JobStates.Running} one has time left");
        if (found.Job.Payer != poster.PublicKey && found.Job.Price > 0)
        {
            throw new PosterException(
                $"Job {job} cannot be extended: wallet {found.Job.Payer} paid for it and alone can pay for more. "
                + $"The key given is of {poster.PublicKey}; choose that wallet's with --key.");
        }
        if (seconds > long.MaxValue - Math.Max(found.Job.Timeout, 0)) throw TooDear(seconds, found.Job.Price);
        await PayableAsync(found.Job.Price, seconds, cancel);
        long timeout = found.Job.Timeout + seconds;
        await outbox.SendAsync(intent, [_jobs.Extend(job, found.Job.Market, poster.PublicKey, found.Job.Payer, timeout)], [poster], cancel);
        return (timeout, false);
    }

    /// <summary>Micro-NOS that so many seconds cost, when the poster has them.</summary>
    private async Task<ulong> PayableAsync(ulong price, long seconds, CancellationToken cancel)
    {
        ulong deposit;
        try
        {
            deposit = JobPayment.Deposit(price, seconds);
        }
        catch (OverflowException)
        {
            throw TooDear(seconds, price);
        }
        string needed = $"The job needs a deposit of {Amount.FormatNos(deposit)} NOS";
        ulong balance = await chain.NosBalanceAsync(poster.PublicKey, cancel)
            ?? throw new PosterException($"{needed}, and wallet {poster.PublicKey} has no NOS token account: send it NOS first.");
        return balance >= deposit
            ? deposit
            : throw new PosterException($"{needed}, wallet {poster.PublicKey} has {Amount.FormatNos(balance)}. Send it NOS, or choose a shorter timeout.");
    }

    private async Task<FoundJob> OwnAsync(PublicKey job, CancellationToken cancel)
    {
        FoundJob found = await _search.RequireAsync(job, cancel);
        return found.Job.Project == poster.PublicKey
            ? found
            : throw new PosterException(
                $"Job {job} was posted by {found.Job.Project}, the key given is of {poster.PublicKey}. Choose the poster's with --key.");
    }

    private static PosterInputException TooDear(long seconds, ulong price) =>
        new($"{seconds} s at {Amount.FormatNos(price)} NOS/s are more than any wallet holds. Choose a shorter timeout.");

    private static PosterException WrongState(FoundJob found, string done, string why) =>
        new($"Job {found.Address} cannot be {done}: its state is {found.State}, {why}. {JobStates.Advice(found.State)}");
}
