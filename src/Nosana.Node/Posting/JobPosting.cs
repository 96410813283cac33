using System.Globalization;
using Nosana.Ipfs;
using Nosana.Ipfs.UnixFs;
using Nosana.Node.Chain;
using Nosana.Node.Journal;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Posting;

/// <summary>
/// Posts a job so that it is paid once, however often it has to be tried: the job's address is journaled, and told, before its transaction is
/// sent, and the same post tried again first finds out what became of the one before.
/// </summary>
/// <param name="hold">
/// Holds a job's address for the life of this process, null when another process holds it: what a living process is about to list is
/// its own, though the content be the same.
/// </param>
internal sealed class JobPosting(NosanaChain chain, TransactionOutbox outbox, JournalStore journal, JobPoster poster, Func<PublicKey, IDisposable?> hold)
{
    /// <summary>Pins the definition and lists it, or finds the job of an earlier try.</summary>
    /// <param name="timeout">Seconds; null for the default.</param>
    /// <param name="pin">Publishes the definition; called when the market and the wallet allow the post.</param>
    /// <param name="told">Told what is about to happen, before it does.</param>
    public async Task<PostedJob> PostAsync(
        ReadOnlyMemory<byte> definition, PublicKey market, long? timeout,
        Func<CancellationToken, Task<Cid>> pin, IPostingProgress told, CancellationToken cancel)
    {
        JobPoster.CheckTimeout(timeout);
        string network = await chain.Rpc.GetGenesisHashAsync(cancel);
        string content = string.Create(CultureInfo.InvariantCulture, $"{network} {poster.Address} {market} {timeout} {UnixFsNode.CidOf(definition.Span)}");
        if (await SettleAsync(content, told, cancel) is { } earlier) return new PostedJob(earlier, ByEarlierTry: true);

        ListingTerms terms = await poster.TermsAsync(market, timeout, cancel);
        Cid cid = await pin(cancel);
        using var job = new Account();
        using IDisposable? held = hold(job.PublicKey);
        journal.Save(new OpenPost(job.PublicKey, content));
        told.Listing(job.PublicKey, terms);
        try
        {
            await poster.ListAsync(job, cid, terms, cancel);
        }
        catch (Exception e) when (e is TransactionRefusedException or TransactionExpiredException)
        {
            // Its account is the last word: the node that saw nothing of the transaction may have been behind.
            if (!await chain.ExistsAsync(job.PublicKey, cancel))
            {
                journal.DeletePost(job.PublicKey);
                throw;
            }
        }
        told.Listed(job.PublicKey);
        journal.DeletePost(job.PublicKey);
        return new PostedJob(job.PublicKey, ByEarlierTry: false);
    }

    /// <summary>What became of earlier tries of the same post.</summary>
    /// <returns>The job that one of them listed, told to nobody yet; null when none did.</returns>
    private async Task<PublicKey?> SettleAsync(string content, IPostingProgress told, CancellationToken cancel)
    {
        foreach (OpenPost open in journal.OpenPosts(content))
        {
            PublicKey job = new(open.Job);
            using IDisposable? held = hold(job);
            if (held is null) continue;
            told.Settling(job);
            string intent = JobPoster.ListIntent(job);
            // The account says so, too: also where the journal has forgotten the transaction since, or a node that was behind took it for expired.
            bool landed = journal.HasLanded(intent) || await outbox.SettleAsync(intent, cancel) || await chain.ExistsAsync(job, cancel);
            if (landed) told.Listed(job);
            journal.DeletePost(job);
            if (landed) return job;
        }
        return null;
    }
}

/// <param name="ByEarlierTry">An earlier try of the same post had listed it; nothing was sent now.</param>
internal sealed record PostedJob(PublicKey Job, bool ByEarlierTry);

/// <summary>Hears how far a post has come, each step before the next one is taken.</summary>
internal interface IPostingProgress
{
    /// <summary>An earlier try of the same post may have listed this job: the chain is asked.</summary>
    void Settling(PublicKey job);

    /// <summary>The transaction that lists this job is about to be sent.</summary>
    void Listing(PublicKey job, ListingTerms terms);

    /// <summary>The job is on the chain.</summary>
    void Listed(PublicKey job);
}
