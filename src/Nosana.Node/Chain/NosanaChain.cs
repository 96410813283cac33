using Nosana.Programs;
using Nosana.Programs.Accounts;
using Nosana.Solana.Rpc;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;
using RpcFilter = Nosana.Solana.Rpc.Models.AccountFilter;

namespace Nosana.Node.Chain;

/// <summary>What the chain says of markets, jobs, runs and wallets. Every method asks anew: nothing here remembers.</summary>
internal sealed class NosanaChain(IRpcClient rpc, ProgramAddresses programs)
{
    public ProgramAddresses Programs { get; } = programs;

    public IRpcClient Rpc { get; } = rpc;

    /// <summary>Filters of the runs of a host, as poll and subscription use them.</summary>
    public static IReadOnlyList<RpcFilter> RunsOf(PublicKey node) => [ToRpc(RunAccount.TypeFilter), ToRpc(RunAccount.NodeFilter(node))];

    public async Task<MarketAccount?> FindMarketAsync(PublicKey market, CancellationToken cancel) =>
        await DataAsync(market, Programs.Jobs, cancel) is { } data && MarketAccount.TryDecode(data, out MarketAccount? account) ? account : null;

    public async Task<JobAccount?> FindJobAsync(PublicKey job, CancellationToken cancel) =>
        await DataAsync(job, Programs.Jobs, cancel) is { } data && JobAccount.TryDecode(data, out JobAccount? account) ? account : null;

    public async Task<RunAccount?> FindRunAsync(PublicKey run, CancellationToken cancel) =>
        await DataAsync(run, Programs.Jobs, cancel) is { } data && RunAccount.TryDecode(data, out RunAccount? account) ? account : null;

    /// <summary>Runs of a host, oldest first.</summary>
    public async Task<IReadOnlyList<ObservedRun>> RunsOfNodeAsync(PublicKey node, CancellationToken cancel) => await RunsAsync(RunsOf(node), cancel);

    /// <summary>The run of a job: it exists exactly while somebody runs it.</summary>
    public async Task<ObservedRun?> FindRunOfJobAsync(PublicKey job, CancellationToken cancel) =>
        (await RunsAsync([ToRpc(RunAccount.TypeFilter), ToRpc(RunAccount.JobFilter(job))], cancel)).FirstOrDefault();

    /// <summary>Every run on the network.</summary>
    public async Task<IReadOnlyList<ObservedRun>> RunsAsync(CancellationToken cancel) => await RunsAsync([ToRpc(RunAccount.TypeFilter)], cancel);

    /// <summary>Every market, by address.</summary>
    public async Task<IReadOnlyList<ObservedMarket>> MarketsAsync(CancellationToken cancel)
    {
        ResponseValue<IReadOnlyList<AccountKeyPair>> found = await Rpc.GetProgramAccountsAsync(Programs.Jobs, [ToRpc(MarketAccount.TypeFilter)],
            cancellationToken: cancel);
        var markets = new List<ObservedMarket>(found.Value.Count);
        foreach (AccountKeyPair pair in found.Value)
            if (MarketAccount.TryDecode(pair.Account.Data, out MarketAccount? market)) markets.Add(new ObservedMarket(pair.PublicKey, market));
        markets.Sort((a, b) => a.Address.CompareTo(b.Address));
        return markets;
    }

    /// <summary>Jobs that match every filter. Accounts of program versions too old to decode are left out.</summary>
    /// <param name="filters">At most three: the RPC takes four, and one is the account's type.</param>
    public async Task<IReadOnlyList<ObservedJob>> JobsAsync(IReadOnlyList<Nosana.Programs.Accounts.AccountFilter> filters, CancellationToken cancel)
    {
        ResponseValue<IReadOnlyList<AccountKeyPair>> found = await Rpc.GetProgramAccountsAsync(Programs.Jobs,
            [ToRpc(JobAccount.TypeFilter), .. filters.Select(ToRpc)], cancellationToken: cancel);
        var jobs = new List<ObservedJob>(found.Value.Count);
        foreach (AccountKeyPair pair in found.Value)
            if (JobAccount.TryDecode(pair.Account.Data, out JobAccount? job)) jobs.Add(new ObservedJob(pair.PublicKey, job));
        return jobs;
    }

    /// <summary>These jobs, without those that do not exist (any more).</summary>
    public async Task<IReadOnlyList<ObservedJob>> JobsAtAsync(IReadOnlyList<PublicKey> addresses, CancellationToken cancel)
    {
        if (addresses.Count == 0) return [];
        IReadOnlyList<AccountInfo?> found = (await Rpc.GetMultipleAccountsAsync(addresses, cancellationToken: cancel)).Value;
        var jobs = new List<ObservedJob>(found.Count);
        for (int i = 0; i < found.Count; i++)
            if (found[i] is { } info && info.Owner == Programs.Jobs && JobAccount.TryDecode(info.Data, out JobAccount? job))
                jobs.Add(new ObservedJob(addresses[i], job));
        return jobs;
    }

    public async Task<ulong> LamportsAsync(PublicKey wallet, CancellationToken cancel) => (await Rpc.GetBalanceAsync(wallet, cancellationToken: cancel)).Value;

    /// <summary>Micro-NOS in the wallet's associated token account; null when it has none.</summary>
    public async Task<ulong?> NosBalanceAsync(PublicKey wallet, CancellationToken cancel) => await TokenBalanceAsync(Programs.NosTokenAccount(wallet), cancel);

    /// <summary>Micro-NOS in a token account; null when it does not exist.</summary>
    public async Task<ulong?> TokenBalanceAsync(PublicKey tokenAccount, CancellationToken cancel) =>
        await DataAsync(tokenAccount, Solana.Programs.WellKnownAddresses.TokenProgram, cancel) is { Length: 165 } data
            ? System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(data.AsSpan(64))
            : null;

    public async Task<StakeAccount?> FindStakeAsync(PublicKey wallet, CancellationToken cancel) =>
        await DataAsync(Programs.Stake(wallet).Address, Programs.Staking, cancel) is { } data && StakeAccount.TryDecode(data, out StakeAccount? account)
            ? account
            : null;

    public async Task<bool> ExistsAsync(PublicKey address, CancellationToken cancel) =>
        (await Rpc.GetAccountInfoAsync(address, cancellationToken: cancel)).Value is not null;

    private async Task<List<ObservedRun>> RunsAsync(IReadOnlyList<RpcFilter> filters, CancellationToken cancel)
    {
        ResponseValue<IReadOnlyList<AccountKeyPair>> found = await Rpc.GetProgramAccountsAsync(Programs.Jobs, filters, cancellationToken: cancel);
        var runs = new List<ObservedRun>(found.Value.Count);
        foreach (AccountKeyPair pair in found.Value)
            if (RunAccount.TryDecode(pair.Account.Data, out RunAccount? run)) runs.Add(new ObservedRun(pair.PublicKey, run, found.Context.Slot));
        runs.Sort((a, b) => a.Run.Time != b.Run.Time ? a.Run.Time.CompareTo(b.Run.Time) : a.Address.CompareTo(b.Address));
        return runs;
    }

    private async Task<byte[]?> DataAsync(PublicKey address, PublicKey owner, CancellationToken cancel)
    {
        AccountInfo? account = (await Rpc.GetAccountInfoAsync(address, cancellationToken: cancel)).Value;
        return account?.Owner == owner ? account.Data : null;
    }

    private static RpcFilter ToRpc(Nosana.Programs.Accounts.AccountFilter filter) => RpcFilter.MemCmp(filter.Offset, filter.Bytes);
}

/// <summary>A run account and its address.</summary>
/// <param name="Slot">The chain's slot at which it was seen.</param>
internal sealed record ObservedRun(PublicKey Address, RunAccount Run, ulong Slot);

/// <summary>A market account and its address.</summary>
internal sealed record ObservedMarket(PublicKey Address, MarketAccount Market);

/// <summary>A job account and its address.</summary>
internal sealed record ObservedJob(PublicKey Address, JobAccount Job);

/// <summary>The configured market does not exist (any more).</summary>
internal sealed class MarketGoneException(PublicKey market) : Exception($"Market {market} does not exist on this network. Check --market and --network.");
