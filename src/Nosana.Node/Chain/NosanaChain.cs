using System.Buffers.Binary;
using Nosana.Programs;
using Nosana.Programs.Accounts;
using Nosana.Solana.Rpc;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;
using RpcFilter = Nosana.Solana.Rpc.Models.AccountFilter;

namespace Nosana.Node.Chain;

/// <summary>
/// What the chain says of markets, jobs, runs and wallets. Every method asks anew; all that is remembered is the newest slot, before which no answer is
/// taken.
/// </summary>
/// <param name="rpc">The nodes.</param>
/// <param name="programs">The network's.</param>
/// <param name="slots">Of the host; null begins one.</param>
internal sealed class NosanaChain(IRpcClient rpc, ProgramAddresses programs, SlotMemory? slots = null)
{
    private static readonly PublicKey ClockSysvar = new("SysvarC1ock11111111111111111111111111111111");

    /// <summary>Of the Clock sysvar: slot u64, start of the epoch i64, epoch u64, epoch of the leader schedule u64, then the time, Unix seconds i64.</summary>
    private const int ClockTimeOffset = 32;

    public ProgramAddresses Programs { get; } = programs;

    public IRpcClient Rpc { get; } = rpc;

    public SlotMemory Slots { get; } = slots ?? new SlotMemory(TimeProvider.System);

    /// <summary>Filters of the runs of a host, as poll and subscription use them.</summary>
    public static IReadOnlyList<RpcFilter> RunsOf(PublicKey node) => [ToRpc(RunAccount.TypeFilter), ToRpc(RunAccount.NodeFilter(node))];

    /// <summary>
    /// Nothing is read from before this call any more: an agent that has just started remembers no slot, and what it did before a kill may be newer than
    /// what the first node shows.
    /// </summary>
    public async Task CatchUpAsync(CancellationToken cancel)
    {
        if (await Rpc.GetNewestSlotAsync(cancel) is { } newest) Slots.Saw(newest);
    }

    public async Task<MarketAccount?> FindMarketAsync(PublicKey market, CancellationToken cancel) => (await LookAtMarketAsync(market, cancel)).Value;

    /// <summary>As <see cref="FindMarketAsync"/>, with the slot.</summary>
    public async Task<ChainLook<MarketAccount?>> LookAtMarketAsync(PublicKey market, CancellationToken cancel)
    {
        ResponseValue<AccountInfo?> found = await AccountAsync(market, cancel);
        byte[]? data = DataOf(found.Value, Programs.Jobs);
        return new(data is not null && MarketAccount.TryDecode(data, out MarketAccount? account) ? account : null, found.Context.Slot);
    }

    public async Task<JobAccount?> FindJobAsync(PublicKey job, CancellationToken cancel) => (await LookAtJobAsync(job, cancel)).Value;

    /// <summary>As <see cref="FindJobAsync"/>, with the slot.</summary>
    public async Task<ChainLook<JobAccount?>> LookAtJobAsync(PublicKey job, CancellationToken cancel)
    {
        ResponseValue<AccountInfo?> found = await AccountAsync(job, cancel);
        return new(JobIn(found.Value), found.Context.Slot);
    }

    /// <summary>A job, and the chain's time in the same answer: what the job has not got by then, it did not get before.</summary>
    public async Task<ChainLook<(JobAccount? Job, DateTimeOffset Time)>> LookAtJobAndClockAsync(PublicKey job, CancellationToken cancel)
    {
        ResponseValue<IReadOnlyList<AccountInfo?>> found = await ReadAsync(
            least => Rpc.GetMultipleAccountsAsync([job, ClockSysvar], minContextSlot: least, cancellationToken: cancel));
        return new((JobIn(found.Value[0]), TimeIn(found.Value[1])), found.Context.Slot);
    }

    /// <summary>The chain's time, in whole seconds.</summary>
    public async Task<ChainLook<DateTimeOffset>> LookAtClockAsync(CancellationToken cancel)
    {
        ResponseValue<AccountInfo?> found = await AccountAsync(ClockSysvar, cancel);
        return new(TimeIn(found.Value), found.Context.Slot);
    }

    public async Task<RunAccount?> FindRunAsync(PublicKey run, CancellationToken cancel) =>
        await DataAsync(run, Programs.Jobs, cancel) is { } data && RunAccount.TryDecode(data, out RunAccount? account) ? account : null;

    /// <summary>Runs of a host, oldest first.</summary>
    public async Task<IReadOnlyList<ObservedRun>> RunsOfNodeAsync(PublicKey node, CancellationToken cancel) =>
        (await LookAtRunsOfNodeAsync(node, cancel)).Value;

    /// <summary>As <see cref="RunsOfNodeAsync"/>, with the slot.</summary>
    public Task<ChainLook<IReadOnlyList<ObservedRun>>> LookAtRunsOfNodeAsync(PublicKey node, CancellationToken cancel) => RunsAsync(RunsOf(node), cancel);

    /// <summary>The run of a job: it exists exactly while somebody runs it.</summary>
    public async Task<ObservedRun?> FindRunOfJobAsync(PublicKey job, CancellationToken cancel) =>
        (await RunsAsync([ToRpc(RunAccount.TypeFilter), ToRpc(RunAccount.JobFilter(job))], cancel)).Value is [var run, ..] ? run : null;

    /// <summary>Every run on the network.</summary>
    public async Task<IReadOnlyList<ObservedRun>> RunsAsync(CancellationToken cancel) => (await RunsAsync([ToRpc(RunAccount.TypeFilter)], cancel)).Value;

    /// <summary>Every market, by address.</summary>
    public async Task<IReadOnlyList<ObservedMarket>> MarketsAsync(CancellationToken cancel)
    {
        ResponseValue<IReadOnlyList<AccountKeyPair>> found = await AccountsAsync([ToRpc(MarketAccount.TypeFilter)], cancel);
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
        ResponseValue<IReadOnlyList<AccountKeyPair>> found = await AccountsAsync([ToRpc(JobAccount.TypeFilter), .. filters.Select(ToRpc)], cancel);
        var jobs = new List<ObservedJob>(found.Value.Count);
        foreach (AccountKeyPair pair in found.Value)
            if (JobAccount.TryDecode(pair.Account.Data, out JobAccount? job)) jobs.Add(new ObservedJob(pair.PublicKey, job));
        return jobs;
    }

    /// <summary>These jobs, without those that do not exist (any more).</summary>
    public async Task<IReadOnlyList<ObservedJob>> JobsAtAsync(IReadOnlyList<PublicKey> addresses, CancellationToken cancel)
    {
        if (addresses.Count == 0) return [];
        IReadOnlyList<AccountInfo?> found =
            (await ReadAsync(least => Rpc.GetMultipleAccountsAsync(addresses, minContextSlot: least, cancellationToken: cancel))).Value;
        var jobs = new List<ObservedJob>(found.Count);
        for (int i = 0; i < found.Count; i++)
            if (found[i] is { } info && info.Owner == Programs.Jobs && JobAccount.TryDecode(info.Data, out JobAccount? job))
                jobs.Add(new ObservedJob(addresses[i], job));
        return jobs;
    }

    public async Task<ulong> LamportsAsync(PublicKey wallet, CancellationToken cancel) =>
        (await ReadAsync(least => Rpc.GetBalanceAsync(wallet, minContextSlot: least, cancellationToken: cancel))).Value;

    /// <summary>Micro-NOS in the wallet's associated token account; null when it has none.</summary>
    public async Task<ulong?> NosBalanceAsync(PublicKey wallet, CancellationToken cancel) => await TokenBalanceAsync(Programs.NosTokenAccount(wallet), cancel);

    /// <summary>Micro-NOS in a token account; null when it does not exist.</summary>
    public async Task<ulong?> TokenBalanceAsync(PublicKey tokenAccount, CancellationToken cancel) =>
        await DataAsync(tokenAccount, Solana.Programs.WellKnownAddresses.TokenProgram, cancel) is { Length: 165 } data
            ? BinaryPrimitives.ReadUInt64LittleEndian(data.AsSpan(64))
            : null;

    public async Task<StakeAccount?> FindStakeAsync(PublicKey wallet, CancellationToken cancel) =>
        await DataAsync(Programs.Stake(wallet).Address, Programs.Staking, cancel) is { } data && StakeAccount.TryDecode(data, out StakeAccount? account)
            ? account
            : null;

    public async Task<bool> ExistsAsync(PublicKey address, CancellationToken cancel) =>
        (await AccountAsync(address, cancel)).Value is not null;

    private async Task<ChainLook<IReadOnlyList<ObservedRun>>> RunsAsync(IReadOnlyList<RpcFilter> filters, CancellationToken cancel)
    {
        ResponseValue<IReadOnlyList<AccountKeyPair>> found = await AccountsAsync(filters, cancel);
        var runs = new List<ObservedRun>(found.Value.Count);
        foreach (AccountKeyPair pair in found.Value)
            if (RunAccount.TryDecode(pair.Account.Data, out RunAccount? run)) runs.Add(new ObservedRun(pair.PublicKey, run, found.Context.Slot));
        runs.Sort((a, b) => a.Run.Time != b.Run.Time ? a.Run.Time.CompareTo(b.Run.Time) : a.Address.CompareTo(b.Address));
        return new(runs, found.Context.Slot);
    }

    private async Task<byte[]?> DataAsync(PublicKey address, PublicKey owner, CancellationToken cancel) =>
        DataOf((await AccountAsync(address, cancel)).Value, owner);

    private Task<ResponseValue<AccountInfo?>> AccountAsync(PublicKey address, CancellationToken cancel) =>
        ReadAsync(least => Rpc.GetAccountInfoAsync(address, minContextSlot: least, cancellationToken: cancel));

    private Task<ResponseValue<IReadOnlyList<AccountKeyPair>>> AccountsAsync(IReadOnlyList<RpcFilter> filters, CancellationToken cancel) =>
        ReadAsync(least => Rpc.GetProgramAccountsAsync(Programs.Jobs, filters, minContextSlot: least, cancellationToken: cancel));

    /// <summary>No answer from before what was seen already.</summary>
    private async Task<ResponseValue<T>> ReadAsync<T>(Func<ulong?, Task<ResponseValue<T>>> read)
    {
        ulong? least = Slots.Newest;
        try
        {
            ResponseValue<T> answer = await read(least);
            Slots.Saw(answer.Context.Slot);
            return answer;
        }
        catch (RpcUnavailableException e) when (e.IsBehind)
        {
            Slots.Missed(least);
            throw;
        }
    }

    private JobAccount? JobIn(AccountInfo? info) => DataOf(info, Programs.Jobs) is { } data && JobAccount.TryDecode(data, out JobAccount? job) ? job : null;

    private static DateTimeOffset TimeIn(AccountInfo? clock) => clock?.Data is { Length: >= ClockTimeOffset + sizeof(long) } data
        ? DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(
            BinaryPrimitives.ReadInt64LittleEndian(data.AsSpan(ClockTimeOffset)), 0, DateTimeOffset.MaxValue.ToUnixTimeSeconds()))
        : throw new RpcException("getAccountInfo", 0, "the node does not know the Clock sysvar");

    private static byte[]? DataOf(AccountInfo? account, PublicKey owner) => account?.Owner == owner ? account.Data : null;

    private static RpcFilter ToRpc(Nosana.Programs.Accounts.AccountFilter filter) => RpcFilter.MemCmp(filter.Offset, filter.Bytes);
}

/// <summary>What a look showed, and the chain's slot that it is of.</summary>
internal sealed record ChainLook<T>(T Value, ulong Slot);

/// <summary>A run account and its address.</summary>
/// <param name="Slot">The chain's slot at which it was seen.</param>
internal sealed record ObservedRun(PublicKey Address, RunAccount Run, ulong Slot);

/// <summary>A market account and its address.</summary>
internal sealed record ObservedMarket(PublicKey Address, MarketAccount Market);

/// <summary>A job account and its address.</summary>
internal sealed record ObservedJob(PublicKey Address, JobAccount Job);

/// <summary>Every `stop` landed, and the host is in the queue all the same.</summary>
internal sealed class StillQueuedException(PublicKey market) : Exception(
    $"This host is in the queue of market {market} still, though it has left: another agent with the same key may be at work. Only one may run.");

/// <summary>The configured market does not exist (any more).</summary>
internal sealed class MarketGoneException(PublicKey market) : Exception($"Market {market} does not exist on this network. Check --market and --network.");
