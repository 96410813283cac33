using Nosana.Programs;
using Nosana.Programs.Accounts;
using Nosana.Solana.Programs.Models;
using Nosana.Solana.Rpc;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Node.HostManager.Review;

/// <summary>Brings <see cref="TransactionReview"/> and <see cref="SimulationReview"/> what they look at: the accounts, and a simulation.</summary>
/// <param name="rpc">Of endpoints that the transaction's author did not choose: what they say decides.</param>
internal sealed class TransactionReviewer(IRpcClient rpc, ProgramAddresses programs, PublicKey wallet)
{
    /// <summary>Of an access key a wallet holds one, and one is what it gives back.</summary>
    private const ulong OneAccessKey = 1;

    /// <exception cref="RpcException">The chain refused to answer; nothing may be signed then.</exception>
    /// <exception cref="RpcUnavailableException">No node answered; nothing may be signed then.</exception>
    /// <exception cref="FormatException">An account is not what it ought to be; nothing may be signed then.</exception>
    public async Task<ReviewOutcome> ReviewAsync(Transaction transaction, CancellationToken cancel)
    {
        Message message = transaction.Message;
        var reviewed = new ReviewedWallet(wallet, programs, await ReadAsync(message.AccountKeys, cancel), new Dictionary<PublicKey, ulong>());
        reviewed = reviewed with { MayGive = await FindMayGiveAsync(message, reviewed, cancel) };
        ReviewOutcome examined = TransactionReview.Examine(transaction, reviewed);
        // A transaction that its own bytes condemn is not worth a simulation.
        if (!examined.MaySign) return examined;

        PublicKey[] writable = [.. message.AccountKeys.Where((_, place) => message.IsWritable(place))];
        var options = new SimulateTransactionOptions { Accounts = writable };
        SimulationLogs simulated = (await rpc.SimulateTransactionAsync(transaction.Serialize(), options, cancel)).Value;
        if (simulated.Error is { } error)
            return examined with { Objections = [$"its simulation fails: {error}{(simulated.Logs is { Count: > 0 } logs ? $" ({logs[^1]})" : "")}"] };
        if (simulated.Accounts is not { } after || after.Count != writable.Length)
            return examined with { Objections = ["the node's simulation does not tell the accounts afterwards; use another --rpc"] };
        ReviewOutcome weighed = SimulationReview.Weigh(reviewed, writable.Zip(after).ToDictionary(pair => pair.First, pair => pair.Second));
        return new ReviewOutcome([.. examined.Lines, .. weighed.Lines], weighed.Objections);
    }

    /// <summary>
    /// Access keys that their issuer takes back: tokens that are verified members of a collection whose authority signs the transaction. Nobody
    /// but that authority can have verified them, nor can sign for it, so that no other token gets in here.
    /// </summary>
    private async Task<IReadOnlyDictionary<PublicKey, ulong>> FindMayGiveAsync(Message message, ReviewedWallet reviewed, CancellationToken cancel)
    {
        PublicKey[] mints = [.. message.AccountKeys.Select(reviewed.TokenAt).OfType<TokenAccount>().Select(token => token.Mint)
            .Where(mint => mint != programs.NosMint && mint != ReviewedWallet.WrappedSol).Distinct()];
        IReadOnlyDictionary<PublicKey, TokenMetadata> keys = await MetadataAsync(mints, cancel);
        PublicKey[] collections = [.. keys.Values.Select(key => key.Collection).OfType<TokenCollection>().Where(own => own.Verified)
            .Select(own => own.Key).Distinct()];
        IReadOnlyDictionary<PublicKey, TokenMetadata> issuers = await MetadataAsync(collections, cancel);
        var mayGive = new Dictionary<PublicKey, ulong>();
        foreach ((PublicKey mint, TokenMetadata key) in keys)
        {
            if (key.Collection is { Verified: true } own && issuers.TryGetValue(own.Key, out TokenMetadata? collection)
                && collection.UpdateAuthority != wallet && message.Signers.Contains(collection.UpdateAuthority))
                mayGive[mint] = OneAccessKey;
        }
        return mayGive;
    }

    private async Task<IReadOnlyDictionary<PublicKey, TokenMetadata>> MetadataAsync(PublicKey[] mints, CancellationToken cancel)
    {
        var found = new Dictionary<PublicKey, TokenMetadata>();
        IReadOnlyDictionary<PublicKey, AccountInfo> accounts = await ReadAsync([.. mints.Select(mint => ProgramAddresses.Metadata(mint).Address)], cancel);
        foreach (PublicKey mint in mints)
        {
            if (accounts.TryGetValue(ProgramAddresses.Metadata(mint).Address, out AccountInfo? info)
                && TokenMetadata.TryDecode(info.Data, out TokenMetadata? metadata) && metadata.Mint == mint)
                found[mint] = metadata;
        }
        return found;
    }

    private async Task<IReadOnlyDictionary<PublicKey, AccountInfo>> ReadAsync(IReadOnlyList<PublicKey> addresses, CancellationToken cancel)
    {
        if (addresses.Count == 0) return new Dictionary<PublicKey, AccountInfo>();
        IReadOnlyList<AccountInfo?> accounts = (await rpc.GetMultipleAccountsAsync(addresses, cancellationToken: cancel)).Value;
        return addresses.Zip(accounts).Where(pair => pair.Second is not null).ToDictionary(pair => pair.First, pair => pair.Second!);
    }
}
