using Nosana.Solana.Wallet;

namespace Nosana.Node.Chain;

/// <summary>The host's key as the rooms may use it: an address, and a signer for transactions.</summary>
internal sealed class HostWallet(Account account)
{
    public PublicKey Address => Account.PublicKey;

    public Account Account { get; } = account;
}
