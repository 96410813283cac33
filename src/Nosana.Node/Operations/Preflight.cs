using Nosana.Node.Chain;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;
using Nosana.Programs;
using Nosana.Programs.Accounts;
using Nosana.Programs.Instructions;
using Nosana.Programs.Money;
using Nosana.Solana.Programs;
using Nosana.Solana.Programs.Models;
using Nosana.Solana.Rpc;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Operations;

/// <summary>Everything that would keep this host from serving, found before it does anything else and told all at once.</summary>
internal sealed class Preflight(NosanaChain chain, TransactionOutbox outbox, ContainerRuntime containers, HostWallet wallet, PublicKey market)
{
    /// <summary>What the official host asks for: enough for some hundred transactions and the rent of a run.</summary>
    public const ulong LeastLamports = 5_000_000;

    /// <summary>The stake account that the official host makes: no NOS, the shortest unstake time.</summary>
    private const ulong StakeAmount = 0;

    private readonly List<string> _problems = [];

    /// <param name="createAccounts">Make the NOS token account and the stake account when they are missing; they cost rent.</param>
    /// <param name="hasPinningCredential">Whether results can be published.</param>
    /// <returns>The mint of the market's access key, null in an open market; and every problem, empty when the host can serve.</returns>
    public async Task<(PublicKey? AccessKey, IReadOnlyList<string> Problems)> CheckAsync(bool createAccounts, bool hasPinningCredential, CancellationToken cancel)
    {
        if (!hasPinningCredential)
            _problems.Add("No credential for the pinning service is configured: results could not be published. Get a JWT from the service and give it as NOSANA_IPFS_JWT or --ipfs-credential-file.");
        try
        {
            await containers.PingAsync(cancel);
        }
        catch (EngineException e)
        {
            _problems.Add(e.Message);
        }
        PublicKey? accessKey = null;
        try
        {
            accessKey = await CheckChainAsync(createAccounts, cancel);
        }
        catch (Exception e) when (e is RpcException or RpcUnavailableException)
        {
            _problems.Add($"The chain cannot be asked: {e.Message}");
        }
        return (accessKey, _problems);
    }

    private async Task<PublicKey?> CheckChainAsync(bool createAccounts, CancellationToken cancel)
    {
        ulong lamports = await chain.LamportsAsync(wallet.Address, cancel);
        if (lamports < LeastLamports)
            _problems.Add($"Wallet {wallet.Address} has {Amount.FormatSol(lamports)} SOL; at least {Amount.FormatSol(LeastLamports)} are needed for fees and rent. Send it SOL.");
        if (await chain.FindMarketAsync(market, cancel) is not { } account)
        {
            _problems.Add($"Market {market} does not exist on this network. Check --market and --network.");
            return null;
        }
        if (lamports >= LeastLamports) await CheckAccountsAsync(account, createAccounts, cancel);
        return account.IsOpenMarket ? null : await FindAccessKeyAsync(account, cancel);
    }

    private async Task CheckAccountsAsync(MarketAccount account, bool createAccounts, CancellationToken cancel)
    {
        List<TransactionInstruction> missing = [];
        List<string> names = [];
        if (!await chain.ExistsAsync(chain.Programs.NosTokenAccount(wallet.Address), cancel))
        {
            missing.Add(AssociatedTokenAccountProgram.CreateIdempotent(wallet.Address, wallet.Address, chain.Programs.NosMint));
            names.Add("NOS token account");
        }
        StakeAccount? stake = await chain.FindStakeAsync(wallet.Address, cancel);
        if (stake is null)
        {
            missing.Add(new StakingInstructions(chain.Programs).Stake(wallet.Address, StakeAmount, StakeWeight.DurationMin));
            names.Add("stake account");
        }
        if (missing.Count > 0)
        {
            if (!createAccounts)
            {
                _problems.Add($"Wallet {wallet.Address} has no {string.Join(" and no ", names)}. Run start with --create-accounts to make them (rent of about 0.006 SOL in all).");
                return;
            }
            try
            {
                await outbox.SendAsync($"accounts:{wallet.Address}", missing, [wallet.Account], cancel);
            }
            catch (Exception e) when (e is TransactionRefusedException or TransactionExpiredException)
            {
                _problems.Add($"The {string.Join(" and the ", names)} could not be made: {e.Message}");
                return;
            }
        }
        UInt128 xnos = stake?.Xnos ?? 0;
        if (xnos < account.NodeXnosMinimum)
            _problems.Add($"Market {market} asks for a stake of {Amount.FormatNos(account.NodeXnosMinimum)} xNOS, wallet {wallet.Address} has {Amount.FormatNos(xnos)}. Stake more NOS or for longer, or choose another market.");
    }

    /// <summary>The token of the market's collection that the wallet holds.</summary>
    private async Task<PublicKey?> FindAccessKeyAsync(MarketAccount account, CancellationToken cancel)
    {
        ResponseValue<IReadOnlyList<AccountKeyPair>> held = await chain.Rpc.GetTokenAccountsByOwnerAsync(wallet.Address, TokenAccountFilter.ByProgram(WellKnownAddresses.TokenProgram), cancellationToken: cancel);
        PublicKey[] mints = [.. held.Value.Select(pair => TokenAccount.Deserialize(pair.Account.Data)).Where(token => token.Amount > 0).Select(token => token.Mint)];
        IReadOnlyList<AccountInfo?> metadata = mints.Length == 0
            ? []
            : (await chain.Rpc.GetMultipleAccountsAsync([.. mints.Select(mint => ProgramAddresses.Metadata(mint).Address)], cancellationToken: cancel)).Value;
        for (int i = 0; i < metadata.Count; i++)
        {
            if (metadata[i] is { } info && TokenMetadata.TryDecode(info.Data, out TokenMetadata? token) && token.Collection is { Verified: true } collection && collection.Key == account.NodeAccessKey)
                return mints[i];
        }
        _problems.Add($"Market {market} is open to holders of an access key of collection {account.NodeAccessKey}, and wallet {wallet.Address} holds none. Get one from the network's host programme, or choose another market.");
        return null;
    }
}
