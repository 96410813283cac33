using Nosana.Solana.Wallet;

namespace Nosana.Node.Posting;

/// <summary>On what terms a job is listed: checked against the market, and payable by the poster.</summary>
/// <param name="Timeout">Seconds.</param>
/// <param name="Deposit">Micro-NOS.</param>
internal sealed record ListingTerms(PublicKey Market, long Timeout, ulong Deposit);
