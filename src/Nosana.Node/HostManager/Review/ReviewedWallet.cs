using Nosana.Programs;
using Nosana.Solana.Programs;
using Nosana.Solana.Wallet;

namespace Nosana.Node.HostManager.Review;

/// <summary>What a wallet has to lose when it signs: itself, and its token accounts by address with their mints.</summary>
/// <param name="TokenAccounts">Every SPL token account that the wallet owns now.</param>
internal sealed record ReviewedWallet(PublicKey Address, ProgramAddresses Programs, IReadOnlyDictionary<PublicKey, PublicKey> TokenAccounts)
{
    /// <summary>Mint of wrapped SOL.</summary>
    public static readonly PublicKey WrappedSol = new("So11111111111111111111111111111111111111112");

    /// <summary>The wallet's accounts of NOS and of wrapped SOL, those included that could be made at their derived addresses.</summary>
    public IReadOnlySet<PublicKey> MoneyAccounts { get; } = new HashSet<PublicKey>(
    [
        Programs.NosTokenAccount(Address),
        AssociatedTokenAccount.Derive(Address, WrappedSol),
        .. TokenAccounts.Where(pair => pair.Value == Programs.NosMint || pair.Value == WrappedSol).Select(pair => pair.Key),
    ]);

    /// <summary>An account of money, or any other token account that the wallet owns before the transaction.</summary>
    public bool Owns(PublicKey account) => MoneyAccounts.Contains(account) || TokenAccounts.ContainsKey(account);
}
