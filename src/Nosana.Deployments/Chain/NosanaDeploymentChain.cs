using System.Buffers.Binary;
using Nosana.Deployments.Store;
using Nosana.Deployments.Vaults;
using Nosana.Ipfs;
using Nosana.Programs;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;
using Nosana.Solana.Programs;
using Nosana.Solana.Rpc;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Rpc.Sending;
using Nosana.Solana.Wallet;
using RpcFilter = Nosana.Solana.Rpc.Models.AccountFilter;

namespace Nosana.Deployments.Chain;

/// <summary>The jobs program by Solana's RPC.</summary>
/// <param name="rpc">The nodes.</param>
/// <param name="sender">Of the same nodes.</param>
/// <param name="programs">The network's.</param>
/// <param name="vaults">A vault's key is opened while it signs, and not kept.</param>
/// <param name="priorityFee">Lamports that a transaction may cost beside its signatures: it is reckoned with, and not paid where the network is quiet.</param>
public sealed class NosanaDeploymentChain(
    IRpcClient rpc, ITransactionSender sender, ProgramAddresses programs, VaultKeeper vaults, ulong priorityFee = NosanaDeploymentChain.DefaultPriorityFee)
    : IDeploymentChain
{
    /// <summary>Lamports.</summary>
    public const ulong DefaultPriorityFee = 20_000;

    /// <summary>Of an SPL token account, and where its amount stands.</summary>
    private const int TokenAccountLength = 165, TokenAmountOffset = 64;

    /// <summary>Up to so many jobs their runs are asked for one by one; more, and all runs of the network are one answer.</summary>
    private const int FewJobs = 3;

    private readonly JobsInstructions _jobs = new(programs);
    private readonly Lock _lock = new();
    private ulong? _newest;

    public async Task<MarketLook?> LookAtMarketAsync(string market, CancellationToken cancellationToken)
    {
        AccountInfo? found = (await ReadAsync(
            least => rpc.GetAccountInfoAsync(new PublicKey(market), minContextSlot: least, cancellationToken: cancellationToken))).Value;
        return found?.Owner == programs.Jobs && MarketAccount.TryDecode(found.Data, out MarketAccount? account)
            ? new MarketLook(account, new Prices(account.JobPrice) { PriorityFee = priorityFee })
            : null;
    }

    public async Task<JobsLook> LookAtJobsAsync(IReadOnlyCollection<string> jobs, CancellationToken cancellationToken)
    {
        PublicKey[] addresses = [.. jobs.Select(job => new PublicKey(job))];
        // Runs first: a job that ends between the two answers shows so in the second, and is not taken for one that waits.
        Dictionary<PublicKey, (PublicKey Address, RunAccount Run)> runs = await RunsAsync(addresses, cancellationToken);
        ResponseValue<IReadOnlyList<AccountInfo?>> found =
            await ReadAsync(least => rpc.GetMultipleAccountsAsync(addresses, minContextSlot: least, cancellationToken: cancellationToken));
        var seen = new Dictionary<string, SeenJob>();
        for (int i = 0; i < addresses.Length; i++)
        {
            if (found.Value[i] is not { } info || info.Owner != programs.Jobs || !JobAccount.TryDecode(info.Data, out JobAccount? account)) continue;
            seen[addresses[i].Key] = runs.TryGetValue(addresses[i], out var run) && account.State == JobState.Queued
                ? new SeenJob(account, run.Address, run.Run)
                : new SeenJob(account);
        }
        return new JobsLook(seen, found.Context.Slot);
    }

    public async Task<IReadOnlyDictionary<string, string?>> ActiveJobsAsync(CancellationToken cancellationToken)
    {
        Task<ResponseValue<IReadOnlyList<AccountKeyPair>>> runs = AccountsAsync(
            [ToRpc(RunAccount.TypeFilter)], new DataSlice(RunAccount.JobOffset, PublicKey.Length), cancellationToken);
        Task<ResponseValue<IReadOnlyList<AccountKeyPair>>> jobs = AccountsAsync(
            [ToRpc(JobAccount.TypeFilter), ToRpc(JobAccount.StateFilter(JobState.Queued))], new DataSlice(0, 0), cancellationToken);
        await Task.WhenAll(runs, jobs);
        Dictionary<string, string?> active = (await jobs).Value.ToDictionary(pair => pair.PublicKey.Key, _ => (string?)null);
        foreach (AccountKeyPair run in (await runs).Value)
        {
            string job = new PublicKey(run.Account.Data).Key;
            if (active.ContainsKey(job)) active[job] = run.PublicKey.Key;
        }
        return active;
    }

    public async Task<Funds> FundsAsync(string vault, CancellationToken cancellationToken)
    {
        var address = new PublicKey(vault);
        IReadOnlyList<AccountInfo?> found = (await ReadAsync(least => rpc.GetMultipleAccountsAsync(
            [address, programs.NosTokenAccount(address)], minContextSlot: least, cancellationToken: cancellationToken))).Value;
        ulong nos = found[1] is { } token && token.Owner == WellKnownAddresses.TokenProgram && token.Data.Length == TokenAccountLength
            ? BinaryPrimitives.ReadUInt64LittleEndian(token.Data.AsSpan(TokenAmountOffset))
            : 0;
        return new Funds(nos, found[0]?.Lamports ?? 0);
    }

    public async Task<Signing> SignAsync(string vault, ChainCall call, CancellationToken cancellationToken)
    {
        using Account? payer = await vaults.OpenAsync(vault, cancellationToken);
        if (payer is null) return new Signing(null, $"There is no key for the vault {vault}.");
        if (call is not ChainCall.List list) return await SignAsync([Instruction(call, payer.PublicKey)], [payer], cancellationToken);
        using Account job = Account.FromSeed(list.JobSeed), run = Account.FromSeed(list.RunSeed);
        var market = new PublicKey(list.Market);
        byte[] digest = Cid.Parse(list.Definition).Digest;
        TransactionInstruction instruction = list.Node is { } node
            ? _jobs.Assign(job.PublicKey, market, run.PublicKey, new PublicKey(node), payer.PublicKey, digest, list.Timeout)
            : _jobs.List(job.PublicKey, market, run.PublicKey, payer.PublicKey, digest, list.Timeout);
        return await SignAsync([instruction], [payer, job, run], cancellationToken);
    }

    public async Task<TransactionOutcome> SendAsync(ChainTransaction transaction, CancellationToken cancellationToken)
    {
        TransactionOutcome outcome = await sender.ResumeAsync(transaction.Signature, transaction.LastValidBlockHeight, transaction.Blob, cancellationToken);
        if (outcome is TransactionOutcome.Confirmed landed) Saw(landed.Slot);
        return outcome;
    }

    /// <summary>Of a failed transaction: the program's own words where it has any.</summary>
    internal static string Describe(TransactionOutcome.Failed failed) => ProgramError.FromLogs(failed.Logs)?.ToString() ?? failed.Message;

    private TransactionInstruction Instruction(ChainCall call, PublicKey vault) => call switch
    {
        ChainCall.Extend extend => _jobs.Extend(new PublicKey(extend.Job), extend.Seen.Account.Market, vault, extend.Seen.Account.Payer, extend.Timeout),
        ChainCall.Delist delist => _jobs.Delist(new PublicKey(delist.Job), delist.Seen.Account.Market, vault, delist.Seen.Account.Payer),
        ChainCall.End { Seen.Run: { } run } end => _jobs.End(new PublicKey(end.Job), end.Seen.Account, end.Seen.RunAddress, run, vault),
        ChainCall.Recover recover => _jobs.Recover(new PublicKey(recover.Job), recover.Seen.Account.Market, vault, recover.Seen.Account.Payer),
        _ => throw new ArgumentException("A job is ended that no host has.", nameof(call)),
    };

    private async Task<Signing> SignAsync(
        IReadOnlyList<TransactionInstruction> instructions, IReadOnlyList<Account> signers, CancellationToken cancellationToken)
    {
        (PreparedTransaction? prepared, TransactionOutcome.Failed? refused) = await sender.PrepareAsync(instructions, signers, cancellationToken);
        return new Signing(prepared, refused is null ? null : Describe(refused));
    }

    private async Task<Dictionary<PublicKey, (PublicKey Address, RunAccount Run)>> RunsAsync(PublicKey[] jobs, CancellationToken cancellationToken)
    {
        RpcFilter[][] looks = jobs.Length <= FewJobs
            ? [.. jobs.Select(job => new[] { ToRpc(RunAccount.TypeFilter), ToRpc(RunAccount.JobFilter(job)) })]
            : [[ToRpc(RunAccount.TypeFilter)]];
        ResponseValue<IReadOnlyList<AccountKeyPair>>[] answers = await Task.WhenAll(looks.Select(filters => AccountsAsync(filters, null, cancellationToken)));
        var runs = new Dictionary<PublicKey, (PublicKey, RunAccount)>();
        foreach (AccountKeyPair pair in answers.SelectMany(answer => answer.Value))
            if (RunAccount.TryDecode(pair.Account.Data, out RunAccount? run)) runs.TryAdd(run.Job, (pair.PublicKey, run));
        return runs;
    }

    private Task<ResponseValue<IReadOnlyList<AccountKeyPair>>> AccountsAsync(RpcFilter[] filters, DataSlice? part, CancellationToken cancellationToken) =>
        ReadAsync(least => rpc.GetProgramAccountsAsync(programs.Jobs, filters, part, minContextSlot: least, cancellationToken: cancellationToken));

    private async Task<ResponseValue<T>> ReadAsync<T>(Func<ulong?, Task<ResponseValue<T>>> read)
    {
        ulong? least;
        lock (_lock) least = _newest;
        try
        {
            ResponseValue<T> answer = await read(least);
            Saw(answer.Context.Slot);
            return answer;
        }
        catch (RpcUnavailableException e) when (e.IsBehind)
        {
            // The client has waited for it already: a slot that nobody has is forgotten, or nothing could be read again.
            lock (_lock) _newest = null;
            throw;
        }
    }

    private void Saw(ulong slot)
    {
        lock (_lock) _newest = Math.Max(_newest ?? 0, slot);
    }

    private static RpcFilter ToRpc(Nosana.Programs.Accounts.AccountFilter filter) => RpcFilter.MemCmp(filter.Offset, filter.Bytes);
}
