using Nosana.Solana.Wallet;

namespace Nosana.Node.HostManager.Review;

/// <summary>A wallet and its accounts of money at one moment, real or simulated.</summary>
/// <param name="IsOrdinary">Whether the system program owns the wallet's account and it holds no data.</param>
/// <param name="Money">Token accounts of NOS and wrapped SOL that exist.</param>
internal sealed record WalletBalances(PublicKey Address, ulong Lamports, bool IsOrdinary, IReadOnlyDictionary<PublicKey, TokenBalances> Money);

/// <summary>A token account as far as it tells who may take from it. Amounts in base units.</summary>
internal sealed record TokenBalances(PublicKey Owner, ulong Amount, PublicKey? Delegate, ulong DelegatedAmount, PublicKey? CloseAuthority);
