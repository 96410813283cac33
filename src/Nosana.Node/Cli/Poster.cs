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
    /// <summary>In the directory of the journal: processes hold jobs against each other there.</summary>
    public const string LocksDirectory = "locks";

    private readonly Account _account;
    private readonly ChainAccess _access;

    /// <param name="directory">Of the journal.</param>
    public Poster(NetworkSettings network, Account account, JournalStore journal, string directory)
    {
        _account = account;
        _access = new ChainAccess(network, StandardErrorLog.Factory, journal);
        Network = network;
        Jobs = new JobPoster(_access.Chain, _access.Outbox, account);
        Posting = new JobPosting(_access.Chain, _access.Outbox, journal, Jobs, job => TryHold(directory, job));
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

    private static FileStream? TryHold(string directory, PublicKey job)
    {
        try
        {
            return new FileStream(
                Path.Combine(directory, LocksDirectory, $"{job}.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0,
                FileOptions.DeleteOnClose);
        }
        catch (IOException e) when (e.HResult == StateLock.WouldBlock)
        {
            return null; // another process is at it
        }
    }
}
