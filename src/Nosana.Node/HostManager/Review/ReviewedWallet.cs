using Nosana.Programs;
using Nosana.Solana.Programs;
using Nosana.Solana.Programs.Models;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Node.HostManager.Review;

/// <summary>What a wallet has to lose when it signs a transaction.</summary>
/// <param name="Accounts">The accounts that the transaction names and that exist, as they are now.</param>
/// <param name="MayGive">Of which mints something may leave, and how many base units of each at most. Of all others nothing may.</param>
internal sealed record ReviewedWallet(
    PublicKey Address, ProgramAddresses Programs, IReadOnlyDictionary<PublicKey, AccountInfo> Accounts, IReadOnlyDictionary<PublicKey, ulong> MayGive)
{
    /// <summary>Mint of wrapped SOL.</summary>
    public static readonly PublicKey WrappedSol = new("So11111111111111111111111111111111111111112");

    /// <summary>The wallet's derived accounts of NOS and of wrapped SOL, whether they exist or not.</summary>
    public IReadOnlySet<PublicKey> MoneyAccounts { get; } =
        new HashSet<PublicKey>([Programs.NosTokenAccount(Address), AssociatedTokenAccount.Derive(Address, WrappedSol)]);

    /// <summary>The wallet's own accounts that do not name it in their bytes.</summary>
    public IReadOnlySet<PublicKey> Vaults { get; } = new HashSet<PublicKey>([Programs.StakeVault(Address).Address]);

    public bool Exists(PublicKey account) => Accounts.ContainsKey(account);

    /// <summary>An SPL token account that the wallet owns now, whatever its mint; null for everything else.</summary>
    public TokenAccount? TokenAt(PublicKey account) =>
        Accounts.TryGetValue(account, out AccountInfo? info) && ReadToken(info) is { } token && token.Owner == Address ? token : null;

    public bool Owns(PublicKey account) => MoneyAccounts.Contains(account) || TokenAt(account) is not null;

    /// <exception cref="FormatException">It has the length of a token account and is none.</exception>
    public static TokenAccount? ReadToken(AccountInfo info) =>
        info.Owner == WellKnownAddresses.TokenProgram && info.Data.Length == TokenProgram.TokenAccountDataSize && info.Data.AsSpan().ContainsAnyExcept((byte)0)
            ? TokenAccount.Deserialize(info.Data)
            : null;
}
