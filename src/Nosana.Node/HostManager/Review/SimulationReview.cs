using Nosana.Programs.Money;
using Nosana.Solana.Programs;
using Nosana.Solana.Programs.Models;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Node.HostManager.Review;

/// <summary>
/// What a transaction would do, by simulation: programs on the list call others, so that their instructions do not say all. Every account that
/// it may write to is compared with what it was: only those change.
/// </summary>
internal static class SimulationReview
{
    /// <param name="wallet">With the accounts as they are.</param>
    /// <param name="after">The transaction's writable accounts after it; null where one would not exist.</param>
    public static ReviewOutcome Weigh(ReviewedWallet wallet, IReadOnlyDictionary<PublicKey, AccountInfo?> after)
    {
        List<string> lines = [], objections = [];
        WeighSol(wallet, after.GetValueOrDefault(wallet.Address), lines, objections);
        var given = new Dictionary<PublicKey, UInt128>();
        foreach ((PublicKey address, AccountInfo? fresh) in after)
        {
            if (address == wallet.Address) continue;
            if (!wallet.Accounts.TryGetValue(address, out AccountInfo? old)) WeighNew(wallet, address, fresh, objections);
            else if (wallet.TokenAt(address) is { } token) WeighToken(wallet, address, token, fresh, given, objections);
            else if (IsOurs(wallet, address, old) && !IsKept(old, fresh))
                objections.Add($"by simulation the account {address}, which is the wallet's or names it, would be changed");
        }
        foreach ((PublicKey mint, UInt128 amount) in given)
        {
            ulong most = wallet.MayGive.GetValueOrDefault(mint);
            lines.Add($"by simulation {amount} base units of {mint} leave the wallet");
            if (amount > most) objections.Add($"by simulation {amount} base units of {mint} leave the wallet's token accounts, and at most {most} may");
        }
        return new ReviewOutcome(lines, objections);
    }

    private static void WeighSol(ReviewedWallet wallet, AccountInfo? fresh, List<string> lines, List<string> objections)
    {
        Int128 spent = (Int128)(wallet.Accounts.GetValueOrDefault(wallet.Address)?.Lamports ?? 0) - (fresh?.Lamports ?? 0);
        lines.Add($"by simulation the wallet {(spent >= 0 ? "pays" : "receives")} {Amount.FormatSol((ulong)Int128.Abs(spent))} SOL");
        if (spent >= TransactionReview.MaxLamports)
            objections.Add($"by simulation {Amount.FormatSol((ulong)spent)} SOL leave the wallet, and less than "
                + $"{Amount.FormatSol(TransactionReview.MaxLamports)} may");
        if (fresh is not null && (fresh.Owner != WellKnownAddresses.SystemProgram || fresh.Data.Length > 0))
            objections.Add("by simulation the wallet's own account would belong to a program");
    }

    private static void WeighNew(ReviewedWallet wallet, PublicKey address, AccountInfo? fresh, List<string> objections)
    {
        if (fresh is null || ReviewedWallet.ReadToken(fresh) is not { } token) return;
        bool isAtOurAddress = wallet.MoneyAccounts.Contains(address), isOurs = token.Owner == wallet.Address;
        if (isAtOurAddress && !isOurs || isOurs && (token.Delegate is not null || token.CloseAuthority is not null))
            objections.Add($"by simulation the new token account {address} would not be this host's alone");
    }

    private static void WeighToken(
        ReviewedWallet wallet, PublicKey address, TokenAccount old, AccountInfo? info, Dictionary<PublicKey, UInt128> given, List<string> objections)
    {
        TokenAccount? fresh = info is null ? null : ReviewedWallet.ReadToken(info);
        ulong left = fresh?.Amount ?? 0;
        if (left < old.Amount) given[old.Mint] = given.GetValueOrDefault(old.Mint) + (old.Amount - left);
        if (fresh is null)
        {
            if (!wallet.MayGive.ContainsKey(old.Mint)) objections.Add($"by simulation the token account {address} would be closed");
            return;
        }
        if (fresh.Mint != old.Mint) objections.Add($"by simulation the token account {address} would be of another mint");
        if (fresh.Owner != old.Owner) objections.Add($"by simulation the token account {address} would belong to {fresh.Owner}");
        if (fresh.Delegate is { } other && (other != old.Delegate || fresh.DelegatedAmount > old.DelegatedAmount))
            objections.Add($"by simulation {other} could spend from the token account {address}");
        if (fresh.CloseAuthority != old.CloseAuthority) objections.Add($"by simulation {fresh.CloseAuthority} could close the token account {address}");
        if (fresh.State != old.State) objections.Add($"by simulation the token account {address} would be {fresh.State}");
    }

    // Stakes, mints, nonces, tokens of other programs, tokens lent to the wallet: whatever tells somebody's rights names him. Nosana's jobs and nodes
    // programs hold queues and entries, which hold no money of a host.
    private static bool IsOurs(ReviewedWallet wallet, PublicKey address, AccountInfo info) =>
        wallet.Vaults.Contains(address)
        || info.Owner != wallet.Programs.Jobs && info.Owner != wallet.Programs.Nodes && info.Data.AsSpan().IndexOf(wallet.Address.KeyBytes) >= 0;

    private static bool IsKept(AccountInfo old, AccountInfo? fresh) =>
        fresh is not null && fresh.Owner == old.Owner && fresh.Lamports >= old.Lamports && fresh.Data.AsSpan().SequenceEqual(old.Data);
}
