using Nosana.Node.Chain;
using Nosana.Node.Cli.Output;
using Nosana.Node.Hosting;
using Nosana.Node.Journal;
using Nosana.Node.Posting;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Cli;

/// <summary>A poster's key, chain and journal for one command.</summary>
internal sealed class Poster : IDisposable
{
    private readonly Account _account;
    private readonly ChainAccess _access;

    public Poster(NetworkSettings network, Account account, JournalStore journal)
    {
        _account = account;
        _access = new ChainAccess(network, StandardErrorLog.Factory, journal);
        Network = network;
        Jobs = new JobPoster(_access.Chain, _access.Outbox, account);
        Posting = new JobPosting(_access.Chain, _access.Outbox, journal, Jobs, TryHold);
        journal.Prune();
    }

    public NetworkSettings Network { get; }

    public NosanaChain Chain => _access.Chain;

    public JobPoster Jobs { get; }

    public JobPosting Posting { get; }

    public void Dispose()
    {
        _access.Dispose();
        _account.Dispose();
    }

    private static KeyLock? TryHold(PublicKey job)
    {
        try
        {
            return KeyLock.Acquire(job);
        }
        catch (JournalException)
        {
            return null; // another process is at it
        }
    }
}
