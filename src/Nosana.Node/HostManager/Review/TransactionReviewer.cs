using Nosana.Node.Chain;
using Nosana.Solana.Programs;
using Nosana.Solana.Programs.Models;
using Nosana.Solana.Rpc;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Node.HostManager.Review;

/// <summary>Brings <see cref="TransactionReview"/> what it looks at: the wallet's accounts, and a simulation.</summary>
internal sealed class TransactionReviewer(NosanaChain chain, PublicKey wallet)
{
    /// <exception cref="RpcException">The chain refused to answer; nothing may be signed then.</exception>
    /// <exception cref="RpcUnavailableException">No node answered; nothing may be signed then.</exception>
    public async Task<ReviewOutcome> ReviewAsync(Transaction transaction, CancellationToken cancel)
    {
        ResponseValue<IReadOnlyList<AccountKeyPair>> held = await chain.Rpc.GetTokenAccountsByOwnerAsync(wallet,
            TokenAccountFilter.ByProgram(WellKnownAddresses.TokenProgram), cancellationToken: cancel);
        var reviewed = new ReviewedWallet(wallet, chain.Programs,
            held.Value.ToDictionary(pair => pair.PublicKey, pair => TokenAccount.Deserialize(pair.Account.Data).Mint));
        ReviewOutcome examined = TransactionReview.Examine(transaction, reviewed);
        // A transaction that its own bytes condemn is not worth a simulation.
        if (!examined.MaySign) return examined;

        PublicKey[] watched = [wallet, .. reviewed.MoneyAccounts];
        IReadOnlyList<AccountInfo?> before = (await chain.Rpc.GetMultipleAccountsAsync(watched, cancellationToken: cancel)).Value;
        SimulationLogs simulated = (await chain.Rpc.SimulateTransactionAsync(transaction.Serialize(), new SimulateTransactionOptions { Accounts = watched },
            cancel)).Value;
        if (simulated.Error is { } error)
            return examined with { Objections = [$"its simulation fails: {error}{(simulated.Logs is { Count: > 0 } logs ? $" ({logs[^1]})" : "")}"] };
        if (simulated.Accounts is not { } after || after.Count != watched.Length)
            return examined with { Objections = ["the node's simulation does not tell the balances afterwards; use another --rpc"] };
        ReviewOutcome weighed = TransactionReview.Weigh(Balances(watched, before), Balances(watched, after));
        return new ReviewOutcome([.. examined.Lines, .. weighed.Lines], weighed.Objections);
    }

    private WalletBalances Balances(PublicKey[] addresses, IReadOnlyList<AccountInfo?> accounts)
    {
        var money = new Dictionary<PublicKey, TokenBalances>();
        for (int i = 1; i < addresses.Length; i++)
        {
            if (accounts[i] is not { } info || info.Owner != WellKnownAddresses.TokenProgram || info.Data.Length != TokenProgram.TokenAccountDataSize) continue;
            TokenAccount token = TokenAccount.Deserialize(info.Data);
            money[addresses[i]] = new TokenBalances(token.Owner, token.Amount, token.Delegate, token.DelegatedAmount, token.CloseAuthority);
        }
        AccountInfo? own = accounts[0];
        return new WalletBalances(wallet, own?.Lamports ?? 0, own is null || own.Owner == WellKnownAddresses.SystemProgram && own.Data.Length == 0, money);
    }
}
