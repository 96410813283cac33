using Nosana.Deployments.Store;
using Nosana.Deployments.Vaults;
using Nosana.Programs.Accounts;
using Nosana.Solana.Rpc.Sending;
using Nosana.Solana.Wallet;

namespace Nosana.Deployments.Chain;

/// <summary>What is needed of the chain to make a deployment true. Nothing is remembered but the newest slot, before which no answer is taken.</summary>
public interface IDeploymentChain
{
    /// <returns>Null when there is no such market.</returns>
    Task<MarketLook?> LookAtMarketAsync(string market, CancellationToken cancellationToken);

    /// <summary>These jobs as they are, with the hosts that have them; those that are not there are left out.</summary>
    Task<JobsLook> LookAtJobsAsync(IReadOnlyCollection<string> jobs, CancellationToken cancellationToken);

    /// <summary>
    /// Every job on the network that has not ended, by address, with its run's address where a host has it: little of each, to see which have changed.
    /// </summary>
    Task<IReadOnlyDictionary<string, string?>> ActiveJobsAsync(CancellationToken cancellationToken);

    /// <summary>What a vault holds.</summary>
    Task<Funds> FundsAsync(string vault, CancellationToken cancellationToken);

    /// <summary>Builds and signs with the vault's key; nothing is sent.</summary>
    Task<Signing> SignAsync(string vault, ChainCall call, CancellationToken cancellationToken);

    /// <summary>Sends a transaction that was written down, again where it was sent before, and waits until what becomes of it is certain.</summary>
    Task<TransactionOutcome> SendAsync(ChainTransaction transaction, CancellationToken cancellationToken);
}

/// <summary>A market, and what things cost on it.</summary>
public sealed record MarketLook(MarketAccount Market, Prices Prices);

/// <summary>Jobs by address, and the slot that they are of.</summary>
public sealed record JobsLook(IReadOnlyDictionary<string, SeenJob> Jobs, ulong Slot);

/// <summary>A job's account, and its run's while a host has it.</summary>
public sealed record SeenJob(JobAccount Account, PublicKey RunAddress = default, RunAccount? Run = null);

/// <summary>What a transaction is to do.</summary>
public abstract record ChainCall
{
    private ChainCall()
    {
    }

    /// <param name="JobSeed">32 bytes; of the key pair whose address is the job's.</param>
    /// <param name="RunSeed">32 bytes; of the run's, where a host waits.</param>
    /// <param name="Market">The market.</param>
    /// <param name="Definition">CID.</param>
    /// <param name="Timeout">Seconds.</param>
    /// <param name="Node">The waiting host that is to have it; null: whichever comes.</param>
    public sealed record List(byte[] JobSeed, byte[] RunSeed, string Market, string Definition, long Timeout, string? Node) : ChainCall;

    /// <param name="Job">Address.</param>
    /// <param name="Seen">As it is.</param>
    /// <param name="Timeout">Seconds in all, from its start.</param>
    public sealed record Extend(string Job, SeenJob Seen, long Timeout) : ChainCall;

    /// <summary>Takes a job off its market that no host has.</summary>
    public sealed record Delist(string Job, SeenJob Seen) : ChainCall;

    /// <summary>Ends a job that a host has.</summary>
    public sealed record End(string Job, SeenJob Seen) : ChainCall;

    /// <summary>Takes the deposit of a job back that its host gave back.</summary>
    public sealed record Recover(string Job, SeenJob Seen) : ChainCall;
}

/// <summary>What came of signing.</summary>
/// <param name="Transaction">Null when it was refused.</param>
/// <param name="Refusal">Why, for a person.</param>
public sealed record Signing(PreparedTransaction? Transaction, string? Refusal);
