using Nosana.Ipfs.Http;
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

/// <summary>Everything that would keep this host from serving: at the machine and its wallet, then at a market. Each look tells all it finds.</summary>
internal sealed partial class Preflight(
    NosanaChain chain, TransactionOutbox outbox, ContainerRuntime containers, HostWallet wallet, IpfsPinningClient pinning, ILogger<Preflight> logger)
{
    /// <summary>The stake account that the official host makes: no NOS, the shortest unstake time.</summary>
    private const ulong StakeAmount = 0;

    /// <summary>Looks at what is this host's own, before anybody else is told of it.</summary>
    /// <param name="createAccounts">The NOS token account and the stake account will be made when they are missing.</param>
    /// <param name="hasPinningCredential">Whether results can be published.</param>
    public async Task<OwnLook> LookAtOwnAsync(bool createAccounts, bool hasPinningCredential, CancellationToken cancel)
    {
        List<string> problems = [], passing = [];
        EngineStatus? engine = null;
        if (hasPinningCredential) await CheckCredentialAsync(problems, cancel);
        else
            problems.Add(
                "No credential for the pinning service is configured: results could not be published. "
                + "Get a JWT from the service and give it as NOSANA_IPFS_JWT or --ipfs-credential-file.");
        try
        {
            engine = await containers.PingAsync(cancel);
        }
        catch (EngineException e)
        {
            passing.Add(e.Message);
        }
        bool answers = await AskChainAsync(passing, async () =>
        {
            ulong lamports = await chain.LamportsAsync(wallet.Address, cancel);
            passing.AddRange(await RpcProbe.FindProblemsAsync(chain, wallet.Address, cancel));
            if (await MissingAccountsAsync(cancel) is not { Names: { Count: > 0 } names }) return;
            if (lamports < Funds.LeastLamports) passing.Add(Funds.Shortage(wallet, lamports)); // what they are made with
            if (!createAccounts)
                problems.Add(
                    $"Wallet {wallet.Address} has no {string.Join(" and no ", names)}. "
                    + "Run start with --create-accounts to make them (rent of about 0.006 SOL in all).");
        });
        return new OwnLook(engine, answers, problems, passing);
    }

    /// <summary>A service that does not answer keeps no host from its work: results are kept until it does.</summary>
    private async Task CheckCredentialAsync(List<string> problems, CancellationToken cancel)
    {
        try
        {
            await pinning.CheckCredentialAsync(cancel);
        }
        catch (IpfsRejectedException e)
        {
            problems.Add(e.Message);
        }
        catch (IpfsException e)
        {
            LogCredentialUnknown(e.Message);
        }
    }

    /// <summary>Looks at a market, and makes the accounts that serving it takes when they are missing; they cost rent.</summary>
    /// <param name="createAccounts">Whether they may be made.</param>
    public async Task<MarketLook> LookAtMarketAsync(PublicKey market, bool createAccounts, CancellationToken cancel)
    {
        List<string> problems = [];
        PublicKey? accessKey = null;
        bool answers = await AskChainAsync(problems, async () =>
        {
            if (await chain.FindMarketAsync(market, cancel) is not { } account)
            {
                problems.Add($"Market {market} does not exist on this network. Check --market and --network.");
                return;
            }
            if (createAccounts) await CreateAccountsAsync(problems, cancel);
            await CheckStakeAsync(market, account, problems, cancel);
            if (!account.IsOpenMarket) accessKey = await FindAccessKeyAsync(market, account, problems, cancel);
        });
        return new MarketLook(new MarketMembership(market, accessKey), answers, problems);
    }

    private static async Task<bool> AskChainAsync(List<string> problems, Func<Task> look)
    {
        try
        {
            await look();
            return true;
        }
        catch (Exception e) when (e is RpcException or RpcUnavailableException)
        {
            problems.Add($"The chain cannot be asked: {e.Message}");
            return false;
        }
    }

    /// <summary>Accounts of the wallet that are not there, and what makes them.</summary>
    private async Task<(IReadOnlyList<string> Names, IReadOnlyList<TransactionInstruction> Instructions)> MissingAccountsAsync(CancellationToken cancel)
    {
        List<string> names = [];
        List<TransactionInstruction> instructions = [];
        if (!await chain.ExistsAsync(chain.Programs.NosTokenAccount(wallet.Address), cancel))
        {
            names.Add("NOS token account");
            instructions.Add(AssociatedTokenAccountProgram.CreateIdempotent(wallet.Address, wallet.Address, chain.Programs.NosMint));
        }
        if (await chain.FindStakeAsync(wallet.Address, cancel) is null)
        {
            names.Add("stake account");
            instructions.Add(new StakingInstructions(chain.Programs).Stake(wallet.Address, StakeAmount, StakeWeight.DurationMin));
        }
        return (names, instructions);
    }

    private async Task CreateAccountsAsync(List<string> problems, CancellationToken cancel)
    {
        (IReadOnlyList<string> names, IReadOnlyList<TransactionInstruction> instructions) = await MissingAccountsAsync(cancel);
        if (names.Count == 0 || await chain.LamportsAsync(wallet.Address, cancel) < Funds.LeastLamports) return;
        try
        {
            await outbox.SendAsync($"accounts:{wallet.Address}", instructions, [wallet.Account], cancel);
        }
        catch (Exception e) when (e is TransactionRefusedException or TransactionExpiredException)
        {
            problems.Add($"The {string.Join(" and the ", names)} could not be made: {e.Message}");
        }
    }

    private async Task CheckStakeAsync(PublicKey market, MarketAccount account, List<string> problems, CancellationToken cancel)
    {
        UInt128 xnos = (await chain.FindStakeAsync(wallet.Address, cancel))?.Xnos ?? 0;
        if (xnos < account.NodeXnosMinimum)
            problems.Add(
                $"Market {market} asks for a stake of {Amount.FormatNos(account.NodeXnosMinimum)} xNOS, "
                + $"wallet {wallet.Address} has {Amount.FormatNos(xnos)}. Stake more NOS or for longer, or choose another market.");
    }

    /// <summary>The token of the market's collection that the wallet holds.</summary>
    private async Task<PublicKey?> FindAccessKeyAsync(PublicKey market, MarketAccount account, List<string> problems, CancellationToken cancel)
    {
        ResponseValue<IReadOnlyList<AccountKeyPair>> held =
            await chain.Rpc.GetTokenAccountsByOwnerAsync(
                wallet.Address, TokenAccountFilter.ByProgram(WellKnownAddresses.TokenProgram), cancellationToken: cancel);
        PublicKey[] mints = [.. held.Value.Select(pair => TokenAccount.Deserialize(pair.Account.Data))
            .Where(token => token.Amount > 0).Select(token => token.Mint)];
        IReadOnlyList<AccountInfo?> metadata = mints.Length == 0
            ? []
            : (await chain.Rpc.GetMultipleAccountsAsync([.. mints.Select(mint => ProgramAddresses.Metadata(mint).Address)], cancellationToken: cancel)).Value;
        for (int i = 0; i < metadata.Count; i++)
        {
            if (metadata[i] is { } info && TokenMetadata.TryDecode(info.Data, out TokenMetadata? token)
                && token.Collection is { Verified: true } collection && collection.Key == account.NodeAccessKey)
                return mints[i];
        }
        problems.Add(
            $"Market {market} is open to holders of an access key of collection {account.NodeAccessKey}, and wallet {wallet.Address} holds none. "
            + "Get one from the network's host programme, or choose another market.");
        return null;
    }

    [LoggerMessage(113, LogLevel.Warning, "Whether the pinning service takes this host's credential is not known: {Problem}")]
    private partial void LogCredentialUnknown(string problem);
}

/// <summary>What is wrong with the machine and its wallet; nothing, when the host may go on.</summary>
/// <param name="Engine">Null when it does not answer.</param>
/// <param name="ChainAnswers">Whether the chain could be asked at all.</param>
/// <param name="Problems">What another start has to be told otherwise.</param>
/// <param name="Passing">What may be over in a moment, or when somebody has seen to it: an engine that is not up yet, a chain that does not answer.</param>
internal sealed record OwnLook(EngineStatus? Engine, bool ChainAnswers, IReadOnlyList<string> Problems, IReadOnlyList<string> Passing);

/// <summary>What is wrong between this host and a market, and what lets it in.</summary>
/// <param name="ChainAnswers">Whether the chain could be asked at all; if not, what is wrong is that.</param>
internal sealed record MarketLook(MarketMembership Membership, bool ChainAnswers, IReadOnlyList<string> Problems);
