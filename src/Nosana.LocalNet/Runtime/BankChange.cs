using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Runtime;

/// <summary>One commit to the chain, told in order.</summary>
/// <param name="Slot">The slot it landed in.</param>
/// <param name="Accounts">New states; 0 lamports stands for a closed account.</param>
/// <param name="Transaction">The transaction behind it; null when genesis, an airdrop or a test set accounts directly.</param>
internal sealed record BankChange(ulong Slot, IReadOnlyList<KeyValuePair<PublicKey, AccountState>> Accounts, LandedTransaction? Transaction);
