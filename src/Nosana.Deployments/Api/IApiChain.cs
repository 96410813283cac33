using System.Text.Json;
using Nosana.Deployments.Vaults;
using Nosana.Solana.Wallet;

namespace Nosana.Deployments.Api;

/// <summary>
/// What the API asks of the chain. It changes nothing there itself: what is to be done is written down, and done by whoever reconciles. Each question throws
/// <see cref="ChainSilentException"/> while the chain cannot be asked, so that silence is never taken for "there is none".
/// </summary>
public interface IApiChain
{
    /// <summary>Whether an address is a market's.</summary>
    Task<bool> IsMarketAsync(string market, CancellationToken cancellationToken);

    /// <summary>What jobs cost on a market; null when there is no such market.</summary>
    Task<Prices?> PricesAsync(string market, CancellationToken cancellationToken);

    /// <summary>What a vault holds.</summary>
    Task<Funds> FundsAsync(string vault, CancellationToken cancellationToken);

    /// <summary>
    /// A transaction that moves all that a vault holds to its owner, who pays its fee and has yet to sign it: base64. Null when it holds nothing.
    /// </summary>
    Task<string?> WithdrawAsync(Account vault, string owner, CancellationToken cancellationToken);

    /// <summary>Who has a job; null when there is none of that address.</summary>
    Task<JobHolder?> HolderAsync(string job, CancellationToken cancellationToken);

    /// <summary>The result that the chain names of a job; null when it names none.</summary>
    Task<JsonElement?> ResultAsync(string job, CancellationToken cancellationToken);
}

/// <summary>Who has a job.</summary>
/// <param name="Node">Address of the host; the zero key when none has it.</param>
/// <param name="IsRunning">A run of it exists.</param>
public sealed record JobHolder(PublicKey Node, bool IsRunning);

/// <summary>The chain, or where its results are kept, cannot be asked now: whoever asked this API is told to come again.</summary>
public sealed class ChainSilentException(Exception inner) : Exception("The chain cannot be asked now.", inner);
